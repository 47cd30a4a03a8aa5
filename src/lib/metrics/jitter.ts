// How much keypoints tremble from frame to frame, beyond what steady movement explains.
import { toCoco17 } from '../pose/coco-mapping.ts';
import type { Keypoint, Pose } from '../pose/pose.ts';
import { torsoLengthPx } from '../pose/torso.ts';
import { quantile, sortedSamples } from './quantile.ts';

/**
 * Median length of the second difference of keypoints, |p₋ − 2·p₀ + p₊|, over all COCO-17 joints and all
 * frames with a neighbour on both sides, as a fraction of the torso's length in the middle one. Steady
 * movement counts 0, so it is mostly noise of the model; per frame, so only runs of one clip compare.
 * `poses` has one entry per frame, in order, null where nobody, or more than one, was found: nobody then
 * knows who is who. Joints that were not found (score 0) are left out. Null when nothing is left.
 */
export function jitterOf(poses: readonly (Pose | null)[]): number | null {
  const joints = poses.map((pose) => pose && toCoco17(pose));
  const values: number[] = [];
  for (let frame = 1; frame < poses.length - 1; frame += 1) {
    const [pose, before, here, after] = [
      poses[frame],
      joints[frame - 1],
      joints[frame],
      joints[frame + 1],
    ];
    if (!pose || !before || !here || !after) continue;
    const torsoPx = torsoLengthPx(pose);
    if (torsoPx === null) continue;
    for (const [joint, point] of here.entries()) {
      const bendPx = secondDifference(before[joint], point, after[joint]);
      if (bendPx !== null) values.push(bendPx / torsoPx);
    }
  }
  return quantile(sortedSamples(values), 0.5);
}

function secondDifference(
  before: Keypoint | undefined,
  here: Keypoint,
  after: Keypoint | undefined,
): number | null {
  if (!before || !after || Math.min(before.score, here.score, after.score) <= 0) return null;
  return Math.hypot(before.x - 2 * here.x + after.x, before.y - 2 * here.y + after.y);
}
