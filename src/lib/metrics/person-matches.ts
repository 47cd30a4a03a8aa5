// Whose detection is whose, for the figures that have no threshold: mean OKS, PCK and those per joint.
// At COCO's thresholds it is coco-evaluation-matching.ts.
import { prepareImage } from './coco-evaluation-matching.ts';
import type { AnnotatedPerson, CocoDetection, CocoImageResult } from './coco-evaluation.ts';

/** An annotated person who counts, and the detection that is theirs. */
export type PersonMatch = {
  readonly truth: AnnotatedPerson;
  /** Their joints as found, in COCO's order and pixels of the image; null where no detection is left. */
  readonly found: CocoDetection['keypoints'] | null;
  /** In [0, 1]; 0 for somebody who was not found. */
  readonly oks: number;
};

/**
 * Everybody who is not ignored and has a labelled joint, image by image. Of an image's 20 most confident
 * detections each goes to one person at most: the most similar pair first, then the most similar of those
 * left. COCO goes by score instead; without its threshold a confident detection of nobody would take
 * somebody from the one who found them.
 */
export function matchPeople(images: readonly CocoImageResult[]): PersonMatch[] {
  return images.flatMap(matchImage);
}

/** Mean OKS in [0, 1]; null without people. */
export function meanOksOf(matches: readonly PersonMatch[]): number | null {
  if (matches.length === 0) return null;
  return matches.reduce((sum, { oks }) => sum + oks, 0) / matches.length;
}

function matchImage(image: CocoImageResult): PersonMatch[] {
  const { people, detections } = prepareImage({ ...image, people: image.people.filter(isCounted) });
  const pairs = detections.flatMap((detection) =>
    detection.similarities.map((oks, person) => ({ person, detection, oks })),
  );
  // Joints that are no numbers have a similarity that is none, and are nobody's.
  const inOrder = pairs.filter(({ oks }) => !Number.isNaN(oks)).sort((a, b) => b.oks - a.oks);

  const theirs = new Map<number, (typeof pairs)[number]>();
  const taken = new Set<CocoDetection>();
  for (const pair of inOrder) {
    if (theirs.has(pair.person) || taken.has(pair.detection)) continue;
    theirs.set(pair.person, pair);
    taken.add(pair.detection);
  }
  return people.map((truth, person) => {
    const pair = theirs.get(person);
    return { truth, found: pair?.detection.keypoints ?? null, oks: pair?.oks ?? 0 };
  });
}

function isCounted({ isIgnored, keypoints }: AnnotatedPerson): boolean {
  return !isIgnored && keypoints.some(({ v }) => v > 0);
}
