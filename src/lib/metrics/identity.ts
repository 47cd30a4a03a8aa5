// Whether a run stays with the same person from frame to frame, or jumps to somebody else.
import { toCoco17 } from '../pose/coco-mapping.ts';
import type { Keypoint, Pose } from '../pose/pose.ts';
import { cocoSigmas, jointSimilarity } from './oks.ts';

/**
 * OKS from which two successive poses are one person's. Half of what the trackers of
 * `@tensorflow-models/pose-detection` ask for (`minSimilarity` 0.2), so that somebody fast is still the same
 * in a film of 15 frames per second; somebody else, a torso's length away, is at about 0.01.
 */
export const SAME_PERSON_OKS = 0.1;

/** Joints that both poses must have, as those trackers want it (`minNumberOfKeypoints`). */
const MIN_SHARED_JOINTS = 4;

/**
 * Share in [0, 1] of successive entries, both with a pose, whose poses are the same person's: their OKS over
 * the joints found in both is at least SAME_PERSON_OKS. The area is that of the box around a pose's joints,
 * the larger of the two, for somebody may be only half in the picture; a box around joints is what those
 * trackers take too. `poses` has one entry per frame, in order: the first person's, null where nobody was
 * found. Joints that were not found (score 0) are left out; pairs that share fewer than four tell nothing.
 * A cut in the film counts as a change. Null without such a pair.
 */
export function identityKeptOf(poses: readonly (Pose | null)[]): number | null {
  let pairs = 0;
  let kept = 0;
  const joints = poses.map((pose) => pose && toCoco17(pose));
  for (const [frame, after] of joints.entries()) {
    const before = joints[frame - 1];
    const similarity = before && after ? similarityOf(before, after) : null;
    if (similarity === null) continue;
    pairs += 1;
    if (similarity >= SAME_PERSON_OKS) kept += 1;
  }
  return pairs === 0 ? null : kept / pairs;
}

/** OKS in [0, 1] over the joints found in both; null where they are too few. */
function similarityOf(before: readonly Keypoint[], after: readonly Keypoint[]): number | null {
  const areaPx = Math.max(boxAreaPx(before), boxAreaPx(after)) + Number.EPSILON;
  let sum = 0;
  let shared = 0;
  for (const [joint, sigma] of cocoSigmas.entries()) {
    const [from, to] = [before[joint], after[joint]];
    if (!from || !to || !isFound(from) || !isFound(to)) continue;
    shared += 1;
    sum += jointSimilarity((from.x - to.x) ** 2 + (from.y - to.y) ** 2, areaPx, sigma);
  }
  return shared < MIN_SHARED_JOINTS ? null : sum / shared;
}

function boxAreaPx(joints: readonly Keypoint[]): number {
  const found = joints.filter(isFound);
  if (found.length === 0) return 0;
  const xs = found.map(({ x }) => x);
  const ys = found.map(({ y }) => y);
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

function isFound({ score }: Keypoint): boolean {
  return score > 0;
}
