// The length of a person's torso: the scale in which distances between poses are told.
import { toCoco17 } from './coco-mapping.ts';
import type { Keypoint, Pose } from './pose.ts';

/** The joints at the torso's corners, by their index in COCO-17. */
const LEFT_SHOULDER = 5;
const RIGHT_SHOULDER = 6;
const LEFT_HIP = 11;
const RIGHT_HIP = 12;

/**
 * From the middle of the shoulders to the middle of the hips, in px. Throws a RangeError when the pose
 * lacks one of these joints.
 */
export function torsoLengthPx(pose: Pose): number {
  const joints = toCoco17(pose);
  const shoulders = middle(joints[LEFT_SHOULDER], joints[RIGHT_SHOULDER]);
  const hips = middle(joints[LEFT_HIP], joints[RIGHT_HIP]);
  return Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y);
}

function middle(a: Keypoint | undefined, b: Keypoint | undefined): { x: number; y: number } {
  if (!a || !b) throw new RangeError('The pose has no torso.');
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
