// Where a top-down network looks: the region around a person's box.
import type { Keypoint } from '../../pose/pose.ts';
import type { Box } from '../box.ts';
import type { Region } from '../frame-sampler.ts';

/**
 * How much larger than the box the region is. Source: MMPose, mmpose/datasets/transforms/common_transforms.py
 * (GetBBoxCenterScale, padding).
 */
const PADDING = 1.25;

/** A joint below this score says nothing about where its person is. Source: MMPose's `kpt_thr`. */
const MIN_JOINT_SCORE = 0.3;

/** The fewest joints that make a person. */
const MIN_JOINTS = 4;

/**
 * The region of the given aspect (width / height) around a box in pixels of the frame: the box made larger
 * on one side until it has the aspect, then by PADDING. Source: as above, and topdown_transforms.py.
 */
export function regionAround(box: Box, aspect: number): Region {
  const width = (box.right - box.left) * PADDING;
  const height = (box.bottom - box.top) * PADDING;
  return {
    centerX: (box.left + box.right) / 2,
    centerY: (box.top + box.bottom) / 2,
    width: Math.max(width, height * aspect),
    height: Math.max(height, width / aspect),
    rotation: 0,
  };
}

/** The box around a person's sure joints, in their space; null when there are too few. */
export function boxAround(keypoints: readonly Keypoint[]): Box | null {
  const sure = keypoints.filter(({ score }) => score >= MIN_JOINT_SCORE);
  if (sure.length < MIN_JOINTS) return null;
  const x = sure.map((joint) => joint.x);
  const y = sure.map((joint) => joint.y);
  const box = {
    left: Math.min(...x),
    top: Math.min(...y),
    right: Math.max(...x),
    bottom: Math.max(...y),
  };
  // Joints that all fall on one point leave nothing to look into.
  return box.right > box.left || box.bottom > box.top ? box : null;
}
