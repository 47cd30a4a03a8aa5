// What every engine and pipeline returns, whatever network is behind it. No tensors, no engine types.
import type { SkeletonId } from './skeletons.ts';

/** One located joint, in pixels of the upright source frame; `score` is the model's own opinion in [0, 1]. */
export type Keypoint = {
  readonly x: number;
  readonly y: number;
  readonly score: number;
};

/** One person in one frame. `keypoints` follows the order of `skeletons[skeleton].keypointNames`. */
export type Pose = {
  readonly skeleton: SkeletonId;
  /** The model's confidence that this is a person, in [0, 1]; the mean keypoint score where it gives none. */
  readonly score: number;
  readonly keypoints: readonly Keypoint[];
};

/** Mean keypoint score of one pose, in [0, 1]; 0 for a pose without keypoints. */
export function meanKeypointScore(pose: Pick<Pose, 'keypoints'>): number {
  if (pose.keypoints.length === 0) return 0;
  let sum = 0;
  for (const keypoint of pose.keypoints) sum += keypoint.score;
  return sum / pose.keypoints.length;
}
