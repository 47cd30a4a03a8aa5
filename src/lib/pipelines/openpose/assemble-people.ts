// People out of limbs: the surest limb first, two of which belong to one person when they share a joint.
// Source: OpenPose, src/openpose/net/bodyPartConnectorBase.cpp (pafPtrIntoVector, pafVectorIntoPeopleVector,
// removePeopleBelowThresholds).
import type { Peak } from './heat-map-peaks.ts';
import type { Limb } from './score-limbs.ts';

/** A person: for each joint the index of its peak, or -1 where it was not found. */
export type Person = { readonly peaks: Int32Array };

/** What the joints' own scores count beside a limb's when limbs are put in order. */
const JOINT_WEIGHT = 0.1;
/**
 * The fewest joints that make a person, feet not counted, and the lowest sum of joints' and limbs' scores
 * per joint. Source: tf-pose-estimation, tf_pose/pafprocess/pafprocess.h (THRESH_PART_CNT, THRESH_HUMAN_SCORE).
 */
const MIN_JOINTS = 4;
const MIN_SCORE_PER_JOINT = 0.4;

/**
 * The people, in no order. A person has one peak per joint and a peak belongs to one person, so a limb
 * that would give somebody a second left knee is dropped, however the people stand.
 */
export function assemblePeople(
  peaks: readonly Peak[],
  limbs: readonly Limb[],
  jointCount: number,
  firstFootJoint: number,
): Person[] {
  const scoreOf = (index: number): number => peaks[index]?.score ?? 0;
  const rank = ({ from, to, score }: Limb): number =>
    score + JOINT_WEIGHT * (scoreOf(from) + scoreOf(to));
  const ordered = limbs.toSorted((a, b) => rank(b) - rank(a));

  const people = new Set<GrowingPerson>();
  const owners: (GrowingPerson | undefined)[] = [];
  for (const limb of ordered) {
    const first = owners[limb.from] ?? alone(limb.from);
    const second = owners[limb.to] ?? alone(limb.to);
    if (first !== second) {
      if (!areComplementary(first, second)) continue;
      first.peaks.forEach((_, joint) => {
        const peak = second.peaks[joint] ?? -1;
        if (peak < 0) return;
        first.peaks[joint] = peak;
        owners[peak] = first;
      });
      owners[limb.from] = first;
      first.score += second.score;
      people.delete(second);
      people.add(first);
    }
    first.score += limb.score;
  }

  return [...people].filter(isSurePerson);

  function alone(index: number): GrowingPerson {
    const own = new Int32Array(jointCount).fill(-1);
    own[peaks[index]?.joint ?? 0] = index;
    return { peaks: own, score: scoreOf(index) };
  }

  function isSurePerson(person: GrowingPerson): boolean {
    const joints = person.peaks.subarray(0, firstFootJoint).filter((peak) => peak >= 0).length;
    return joints >= MIN_JOINTS && person.score / joints >= MIN_SCORE_PER_JOINT;
  }
}

type GrowingPerson = { readonly peaks: Int32Array; score: number };

function areComplementary(a: GrowingPerson, b: GrowingPerson): boolean {
  return a.peaks.every((peak, joint) => peak < 0 || (b.peaks[joint] ?? -1) < 0);
}
