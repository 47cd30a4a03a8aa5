// Refuses what no summary can be made of: a figure that is none, or half a pose.
import type { Keypoint, Pose } from '../pose/pose.ts';
import { skeletons } from '../pose/skeletons.ts';
import type { FrameSample } from './run-result.ts';
import { timings } from './timings.ts';

/** Throws, with a sentence for the user, when an engine gave such a figure or pose. */
export function requireFigures(sample: FrameSample): void {
  sample.poses.forEach((pose) => requireWhole(pose, sample.index));
  const durations = timings.map((timing) => [`${timing}Ms`, sample[`${timing}Ms`] ?? 0] as const);
  const scores = sample.poses.map(({ score }) => ['score', score] as const);
  for (const [name, value] of [...durations, ...scores]) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new Error(
      `The run ended at frame ${sample.index} because the engine gave ${value} as its ${name}. Choose another target.`,
    );
  }
}

function requireWhole({ skeleton, keypoints }: Pose, frame: number): void {
  const expected = skeletons[skeleton].keypointNames.length;
  const isPlaced = ({ x, y, score }: Keypoint) => [x, y, score].every(Number.isFinite);
  if (keypoints.length === expected && keypoints.every(isPlaced)) return;
  throw new Error(
    `The run ended at frame ${frame} because the engine gave no whole pose of ${expected} keypoints. Choose another target.`,
  );
}
