// What the samples say of the poses themselves, not of the truth: most are the model's own opinions.
import { identityKeptOf } from '../metrics/identity.ts';
import { jitterOf } from '../metrics/jitter.ts';
import { meanKeypointScore } from '../pose/pose.ts';
import type { Pose } from '../pose/pose.ts';
import type { FrameCounts, FrameSample } from './run-result.ts';

/** True when at least one person was found in the frame. */
export function isDetected(sample: FrameSample): boolean {
  return sample.people > 0;
}

/** Share of processed frames with a person, in [0, 1]; null without frames. */
export function detectionRateOf({ processed, detected }: FrameCounts): number | null {
  return processed === 0 ? null : detected / processed;
}

/** The score of the most confident pose of each frame that has one, in [0, 1]. */
export function confidencesOf(samples: readonly FrameSample[]): number[] {
  return samples
    .filter(({ poses }) => poses.length > 0)
    .map(({ poses }) => poses.reduce((best, pose) => Math.max(best, pose.score), 0));
}

/** Mean keypoint score over all poses of all frames, in [0, 1]; null when nobody was found. */
export function meanVisibilityOf(samples: readonly FrameSample[]): number | null {
  const poses = samples.flatMap((sample) => sample.poses);
  if (poses.length === 0) return null;
  return poses.reduce((sum, pose) => sum + meanKeypointScore(pose), 0) / poses.length;
}

/** Whether the first person stays the same from frame to frame, as a share in [0, 1]: see `identityKeptOf`. */
export function personIdentityOf(samples: readonly FrameSample[]): number | null {
  return identityKeptOf(posesInTime(samples).map(([first]) => first ?? null));
}

/** How much the keypoints of the one person in the frames tremble, in torso lengths: see `jitterOf`. */
export function personJitterOf(samples: readonly FrameSample[]): number | null {
  return jitterOf(
    posesInTime(samples).map(([first, ...others]) =>
      others.length === 0 ? (first ?? null) : null,
    ),
  );
}

/** Who was found in each frame of the first pass over the first stream; nobody where a frame was dropped. */
function posesInTime(samples: readonly FrameSample[]): (readonly Pose[])[] {
  const frames: (readonly Pose[])[] = [];
  for (const { index, pass, stream, poses } of samples) {
    if (pass > 0 || stream > 0) continue;
    while (frames.length < index) frames.push([]);
    frames.push(poses);
  }
  return frames;
}
