// How far apart two runs of the same network put the same joints: what changing the runtime changed.
import { torsoLengthPx } from '../pose/torso.ts';
import type { Pose } from '../pose/pose.ts';
import { quantile, sortedSamples } from './quantile.ts';

/** Distances between the same joints in two runs, as fractions of the reference's torso length. */
export type Agreement = {
  /** Frames in which both found somebody whose torso has a length. */
  readonly frames: number;
  /** Frames in which only one of them did. */
  readonly disagreements: number;
  readonly medianDistance: number | null;
  readonly p95Distance: number | null;
  readonly maxDistance: number | null;
};

/**
 * Compares the best pose of each frame with the reference's, joint by joint. Both lists have one entry
 * per frame, in order, null where nobody was found; poses have the same skeleton.
 */
export function agreementOf(
  reference: readonly (Pose | null)[],
  other: readonly (Pose | null)[],
): Agreement {
  const distances: number[] = [];
  let frames = 0;
  let disagreements = 0;
  for (const [index, expected] of reference.entries()) {
    const actual = other[index] ?? null;
    if (!expected || !actual) {
      if (expected || actual) disagreements += 1;
      continue;
    }
    const torsoPx = torsoLengthPx(expected);
    if (torsoPx === null) continue;
    frames += 1;
    for (const [joint, { x, y }] of expected.keypoints.entries()) {
      const found = actual.keypoints[joint];
      if (found) distances.push(Math.hypot(found.x - x, found.y - y) / torsoPx);
    }
  }
  const sorted = sortedSamples(distances);
  return {
    frames,
    disagreements,
    medianDistance: quantile(sorted, 0.5),
    p95Distance: quantile(sorted, 0.95),
    maxDistance: sorted.at(-1) ?? null,
  };
}
