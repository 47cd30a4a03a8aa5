// The length of a person's torso: the scale in which distances between poses are told.
import { toCoco17 } from './coco-mapping.ts';
import type { Keypoint, Pose } from './pose.ts';

/** The joints at the torso's corners, by their index in COCO-17. */
const LEFT_SHOULDER = 5;
const RIGHT_SHOULDER = 6;
const LEFT_HIP = 11;
const RIGHT_HIP = 12;

/**
 * From the middle of the shoulders to the middle of the hips, in px. Null when it has no length because a
 * corner was not found (score 0), or because they all lie in one place.
 */
export function torsoLengthPx(pose: Pose): number | null {
  const joints = toCoco17(pose);
  const shoulders = middle(joints[LEFT_SHOULDER], joints[RIGHT_SHOULDER]);
  const hips = middle(joints[LEFT_HIP], joints[RIGHT_HIP]);
  return shoulders && hips && (Math.hypot(shoulders.x - hips.x, shoulders.y - hips.y) || null);
}

function middle(
  a: Keypoint | undefined,
  b: Keypoint | undefined,
): { readonly x: number; readonly y: number } | null {
  if (!a || !b || a.score <= 0 || b.score <= 0) return null;
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
