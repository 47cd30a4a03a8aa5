// Who is looked for in a frame: those followed from the last one, and those newly detected.
import { intersectionOverUnion } from '../box.ts';
import type { Box } from '../box.ts';
import type { Region } from '../frame-sampler.ts';
import type { KeypointSmoother } from './smooth-keypoints.ts';

/** A person, and where to look for them. */
export type Person = {
  readonly region: Region;
  /** What is known of their movement; null when nothing is smoothed. */
  readonly smoother: KeypointSmoother | null;
};

/**
 * Regions that overlap more (intersection over union) show the same person. Source: the default of
 * min_tracking_confidence in MediaPipe's Pose Landmarker, which is used as this threshold.
 */
const MIN_OVERLAP = 0.5;

/**
 * The people to look for, at most `limit`: of two regions that show the same person the newer one counts,
 * and takes over the smoother. Those followed come first. Source: MediaPipe AssociationCalculator in
 * pose_landmarker_graph.cc.
 */
export function joinPeople(
  followed: readonly Person[],
  detected: readonly Region[],
  createSmoother: () => KeypointSmoother | null,
  limit: number,
): Person[] {
  let people: Person[] = [];
  const candidates = [...followed, ...detected.map((region) => ({ region, smoother: null }))];
  for (const { region, smoother } of candidates) {
    const box = boxOf(region);
    const isSame = (other: Person) => intersectionOverUnion(boxOf(other.region), box) > MIN_OVERLAP;
    const replaced = people.find(isSame);
    people = people.filter((other) => !isSame(other));
    people.push({ region, smoother: smoother ?? replaced?.smoother ?? createSmoother() });
  }
  return people.slice(0, limit);
}

/** The region, upright and in place, as MediaPipe compares regions. */
function boxOf({ centerX, centerY, width, height }: Region): Box {
  return {
    left: centerX - width / 2,
    top: centerY - height / 2,
    right: centerX + width / 2,
    bottom: centerY + height / 2,
  };
}
