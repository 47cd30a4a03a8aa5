// Which detection of an image is whose, at one OKS threshold and for people of one range of sizes.
// Greedy in order of score, as COCO does it.
import { cocoSimilarity } from './coco-evaluation-similarity.ts';
import type { AnnotatedPerson, CocoDetection, CocoImageResult } from './coco-evaluation.ts';

/** Areas in px², both ends included. */
export type AreaRange = { readonly fromPx: number; readonly toPx: number };

/** What became of a detection. `ignored` counts neither for nor against the model. */
export type DetectionOutcome = 'hit' | 'miss' | 'ignored';

/** An image ready to be matched at any threshold. */
export type PreparedImage = {
  readonly people: readonly AnnotatedPerson[];
  /** Most confident first, 20 at most. */
  readonly detections: readonly PreparedDetection[];
};

type PreparedDetection = CocoDetection & {
  /** Of the box around its joints, in px². */
  readonly areaPx: number;
  /** To each of the image's people, in their order. */
  readonly similarities: readonly number[];
};

/** COCO looks at the most confident detections of an image only. */
const MAX_DETECTIONS = 20;

/** Below 1, so that a perfect detection passes a threshold of 1 whatever the rounding. */
const GREATEST_THRESHOLD = 1 - 1e-10;

/** Sorts the detections by score, keeps the first 20, and compares each with everybody. */
export function prepareImage({ people, detections }: CocoImageResult): PreparedImage {
  const kept = [...detections].sort((a, b) => b.score - a.score).slice(0, MAX_DETECTIONS);
  return {
    people,
    detections: kept.map((detection) => ({
      ...detection,
      areaPx: areaOf(detection),
      similarities: people.map((person) => cocoSimilarity(detection.keypoints, person)),
    })),
  };
}

/** The outcome of each detection, in the order of `image.detections`. */
export function matchDetections(
  { people, detections }: PreparedImage,
  range: AreaRange,
  threshold: number,
): DetectionOutcome[] {
  const ignored = people.map(({ isIgnored, areaPx }) => isIgnored || isOutside(areaPx, range));
  // Whoever is ignored comes last: a detection is given to somebody who counts if it can be.
  const order = [...people.keys()].sort((a, b) => Number(ignored[a]) - Number(ignored[b]));
  const taken = new Set<number>();

  return detections.map(({ similarities, areaPx }) => {
    const match = bestMatch(similarities);
    if (match === null) return isOutside(areaPx, range) ? 'ignored' : 'miss';
    taken.add(match);
    return ignored[match] ? 'ignored' : 'hit';
  });

  function bestMatch(similarities: readonly number[]): number | null {
    let best: number | null = null;
    let least = Math.min(threshold, GREATEST_THRESHOLD);
    for (const person of order) {
      if (taken.has(person) && !people[person]?.isCrowd) continue;
      if (best !== null && !ignored[best] && ignored[person]) break;
      const similarity = similarities[person] ?? 0;
      // Not `<`: joints that are no numbers have a similarity that is none, and are nobody's.
      if (!(similarity >= least)) continue;
      least = similarity;
      best = person;
    }
    return best;
  }
}

function isOutside(areaPx: number, { fromPx, toPx }: AreaRange): boolean {
  return areaPx < fromPx || areaPx > toPx;
}

function areaOf({ keypoints }: CocoDetection): number {
  const xs = keypoints.map(({ x }) => x);
  const ys = keypoints.map(({ y }) => y);
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}
