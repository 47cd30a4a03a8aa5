// How far the poses of one backend are from another's on the same frames.
import { toCoco17 } from '../pose/coco-mapping.ts';
import type { Pose } from '../pose/pose.ts';
import { torsoLengthPx } from '../pose/torso.ts';
import { oks } from './oks.ts';

/** Agreement over the frames in which at least one of both found somebody. */
export type PoseParity = {
  readonly frames: number;
  /** Mean OKS in [0, 1], the reference taken for the truth; 0 where only one of both found somebody. */
  readonly meanOks: number;
  /** Largest distance between the same COCO joints, in torso lengths; null when no frame has both poses. */
  readonly maxDistance: number | null;
};

/**
 * The parity of everybody found in each frame, in the frames' order. The reference's best pose is compared
 * with whoever is most like it: of two people equally sure, each may rank another first. Null when nobody
 * was found by either.
 */
export function parityOf(
  reference: readonly (readonly Pose[])[],
  actual: readonly (readonly Pose[])[],
): PoseParity | null {
  let [frames, sum] = [0, 0];
  let maxDistance: number | null = null;
  for (const [frame, people] of reference.entries()) {
    const others = actual[frame] ?? [];
    if (people.length === 0 && others.length === 0) continue;
    frames += 1;
    const [expected] = people.toSorted((a, b) => b.score - a.score);
    const found = expected && mostSimilar(expected, others);
    if (!expected || !found) continue;
    sum += poseSimilarity(expected, found);
    const distance = largestDistance(expected, found);
    if (distance !== null) maxDistance = Math.max(maxDistance ?? 0, distance);
  }
  return frames === 0 ? null : { frames, meanOks: sum / frames, maxDistance };
}

/** OKS in [0, 1] of a pose with another for the truth, whose area is that of the box around its joints. */
export function poseSimilarity(truth: Pose, pose: Pose): number {
  const keypoints = toCoco17(truth).map(({ x, y, score }) => ({ x, y, v: score > 0 ? 2 : 0 }));
  const labelled = keypoints.filter(({ v }) => v > 0);
  const [xs, ys] = [labelled.map(({ x }) => x), labelled.map(({ y }) => y)];
  const areaPx = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
  return oks(toCoco17(pose), { keypoints, areaPx: areaPx + Number.EPSILON }) ?? 0;
}

function mostSimilar(pose: Pose, others: readonly Pose[]): Pose | undefined {
  const ranked = others.map((other) => ({ other, similarity: poseSimilarity(pose, other) }));
  return ranked.toSorted((a, b) => b.similarity - a.similarity)[0]?.other;
}

/** In torso lengths of the truth; null when it has no torso. */
function largestDistance(truth: Pose, pose: Pose): number | null {
  const torsoPx = torsoLengthPx(truth);
  if (torsoPx === null) return null;
  const joints = toCoco17(pose);
  const distances = toCoco17(truth).map(({ x, y }, joint) => {
    const other = joints[joint];
    return other ? Math.hypot(other.x - x, other.y - y) / torsoPx : 0;
  });
  return Math.max(...distances);
}
