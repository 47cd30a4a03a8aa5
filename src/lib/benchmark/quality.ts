// What the samples say of the poses themselves, not of the truth: most are the model's own opinions.
import { jitterOf } from '../metrics/jitter.ts';
import { meanKeypointScore } from '../pose/pose.ts';
import type { FrameSample } from './run-result.ts';

/** True when at least one person was found in the frame. */
export function isDetected(sample: FrameSample): boolean {
  return sample.poses.length > 0;
}

/** Share of processed frames with a person, in [0, 1]; null without frames. */
export function detectionRateOf(samples: readonly FrameSample[]): number | null {
  return samples.length === 0 ? null : samples.filter(isDetected).length / samples.length;
}

/** The score of the most confident pose of each frame that has one, in [0, 1]. */
export function confidencesOf(samples: readonly FrameSample[]): number[] {
  return samples
    .filter(isDetected)
    .map(({ poses }) => poses.reduce((best, pose) => Math.max(best, pose.score), 0));
}

/** Mean keypoint score over all poses of all frames, in [0, 1]; null when nobody was found. */
export function meanVisibilityOf(samples: readonly FrameSample[]): number | null {
  const poses = samples.flatMap((sample) => sample.poses);
  if (poses.length === 0) return null;
  return poses.reduce((sum, pose) => sum + meanKeypointScore(pose), 0) / poses.length;
}

/** How much the keypoints of the one person in the frames tremble, in torso lengths: see `jitterOf`. */
export function personJitterOf(samples: readonly FrameSample[]): number | null {
  return jitterOf(
    samples.map(({ poses }) => {
      const [pose] = poses;
      return pose && poses.length === 1 ? pose : null;
    }),
  );
}
