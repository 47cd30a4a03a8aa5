// Where MoveNet looks next: the square around the person it has just found.
// Source: TensorFlow Hub's MoveNet tutorial (tensorflow.org/hub/tutorials/movenet, "Cropping algorithm") and the
// same in tensorflow/tfjs-models, pose-detection/src/movenet/crop_utils.ts. The latter's first-frame
// centre crop and its smoothing of the square are left out: they are not in the tutorial.
import type { Keypoint } from '../../pose/pose.ts';
import type { Region } from '../frame-sampler.ts';
import type { ImageSize } from '../image-tensor.ts';

/** A joint below this score takes no part in the choice of the square. */
export const CROP_SCORE = 0.2;
/** Half the square's side, in the farthest torso joint's distance from the hips along an axis. */
const TORSO_EXPANSION = 1.9;
/** The same for the farthest joint of the whole body. */
const BODY_EXPANSION = 1.2;

/** Joints that all fall on one point leave nothing to look into. */
const MIN_HALF_SIDE_PX = 1;

const LEFT_SHOULDER = 5;
const RIGHT_SHOULDER = 6;
const LEFT_HIP = 11;
const RIGHT_HIP = 12;

/**
 * The square to look into for the next frame, from the 17 COCO keypoints of this one in the frame's
 * pixels. Null means the whole frame: the torso is not seen, or the person fills the frame.
 */
export function nextCropRegion(keypoints: readonly Keypoint[], frame: ImageSize): Region | null {
  const leftHip = keypoints[LEFT_HIP];
  const rightHip = keypoints[RIGHT_HIP];
  const leftShoulder = keypoints[LEFT_SHOULDER];
  const rightShoulder = keypoints[RIGHT_SHOULDER];
  if (!leftHip || !rightHip || !leftShoulder || !rightShoulder) return null;
  if (!isSeen(leftHip, rightHip) || !isSeen(leftShoulder, rightShoulder)) return null;

  const centerX = (leftHip.x + rightHip.x) / 2;
  const centerY = (leftHip.y + rightHip.y) / 2;
  let halfSide = 0;
  for (const joint of [leftHip, rightHip, leftShoulder, rightShoulder]) {
    halfSide = Math.max(halfSide, TORSO_EXPANSION * reach(joint, centerX, centerY));
  }
  for (const joint of keypoints) {
    if (joint.score < CROP_SCORE) continue;
    halfSide = Math.max(halfSide, BODY_EXPANSION * reach(joint, centerX, centerY));
  }
  const { widthPx, heightPx } = frame;
  halfSide = Math.min(halfSide, Math.max(centerX, widthPx - centerX, centerY, heightPx - centerY));
  if (halfSide < MIN_HALF_SIDE_PX || halfSide > Math.max(widthPx, heightPx) / 2) return null;
  return { centerX, centerY, width: 2 * halfSide, height: 2 * halfSide, rotation: 0 };
}

function isSeen(left: Keypoint, right: Keypoint): boolean {
  return left.score > CROP_SCORE || right.score > CROP_SCORE;
}

/** The larger of the distances along x and y, in px. */
function reach(joint: Keypoint, centerX: number, centerY: number): number {
  return Math.max(Math.abs(joint.x - centerX), Math.abs(joint.y - centerY));
}
