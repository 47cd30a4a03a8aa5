// How well a detection fits an annotation, which need not have joints to compare with.
import type { AnnotatedPerson, BoundingBox, CocoDetection } from './coco-evaluation.ts';
import { oks } from './oks.ts';

/**
 * OKS in [0, 1] of a detection and an annotated person. Where no joint of the person is labelled, a joint's
 * distance is the one to the box three times as wide and high around the person's, 0 inside it: whoever
 * is detected there is likely meant. Source: `computeOks` in pycocotools' cocoeval.
 */
export function cocoSimilarity(
  detected: CocoDetection['keypoints'],
  person: AnnotatedPerson,
): number {
  const areaPx = cocoAreaPx(person);
  return oks(detected, { ...person, areaPx }) ?? boxSimilarity(detected, person.box, areaPx);
}

/** A person's area in px² as COCO divides by it: with the least step above 1, so that it is never 0. */
export function cocoAreaPx({ areaPx }: AnnotatedPerson): number {
  return areaPx + Number.EPSILON;
}

function boxSimilarity(
  detected: CocoDetection['keypoints'],
  { x, y, width, height }: BoundingBox,
  areaPx: number,
): number {
  const keypoints = detected.map((joint) => ({
    x: clamp(joint.x, x - width, x + 2 * width),
    y: clamp(joint.y, y - height, y + 2 * height),
    v: 2,
  }));
  return oks(detected, { keypoints, areaPx }) ?? 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
