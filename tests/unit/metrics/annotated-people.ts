// Annotated people for tests of accuracy, whose distances are easy to work out.
import type { AnnotatedPerson } from '../../../src/lib/metrics/coco-evaluation.ts';
import { cocoSigmas } from '../../../src/lib/metrics/oks.ts';

/** Area of everybody here, in px². */
export const AREA_PX = 10_000;
/** Torso diameter along either diagonal, in px: the corners are 60 px apart across and 80 px down. */
export const TORSO_PX = 100;
/** Length of everybody's head, in px: 0.6 times the diagonal of a box of 30 × 40 px. */
export const HEAD_PX = 30;

const CORNERS = new Map([
  [5, { x: 60, y: 0 }],
  [6, { x: 0, y: 0 }],
  [11, { x: 60, y: 80 }],
  [12, { x: 0, y: 80 }],
]);

/** Somebody at x whose joints other than the torso's corners all lie in its upper right corner. */
export function annotatedPerson(
  atX = 0,
  isLabelled: (joint: number) => boolean = () => true,
): AnnotatedPerson {
  const labelled = [...cocoSigmas.keys()].filter(isLabelled);
  return {
    keypoints: cocoSigmas.map((_, joint) => {
      const { x, y } = CORNERS.get(joint) ?? { x: 0, y: 0 };
      return isLabelled(joint) ? { x: atX + x, y, v: 2 } : { x: 0, y: 0, v: 0 };
    }),
    areaPx: AREA_PX,
    box: { x: atX, y: 0, width: 60, height: 80 },
    headBox: { x: atX, y: -40, width: 30, height: 40 },
    isCrowd: false,
    isIgnored: labelled.length === 0,
  };
}
