// How far off each labelled joint was, and the lengths of its person in which that is told.
import { cocoAreaPx } from './coco-evaluation-similarity.ts';
import type { AnnotatedPerson, BoundingBox, CocoDetection } from './coco-evaluation.ts';
import { cocoSigmas, jointSimilarity } from './oks.ts';
import type { TrueKeypoint, TruePose } from './oks.ts';
import type { PersonMatch } from './person-matches.ts';

/** One labelled joint of one annotated person. */
export type JointOutcome = {
  /** Index in COCO-17. */
  readonly joint: number;
  /** From the truth; Infinity where the person was not found. */
  readonly distancePx: number;
  /** The joint's term of OKS, in [0, 1]; 0 where the person was not found. */
  readonly similarity: number;
  /** The true person's: see `torsoDiameterPx` and `headLengthPx`. */
  readonly torsoPx: number | null;
  readonly headPx: number | null;
};

/** By their index in COCO-17. */
const LEFT_SHOULDER = 5;
const RIGHT_SHOULDER = 6;
const LEFT_HIP = 11;
const RIGHT_HIP = 12;

/** MPII's length of a head segment, as a share of the diagonal of the box around the head. */
const HEAD_LENGTH_OF_DIAGONAL = 0.6;

/** Every labelled joint, hidden ones too, of everybody; a joint that was not found lies where it was put. */
export function jointOutcomesOf(matches: readonly PersonMatch[]): JointOutcome[] {
  return matches.flatMap(({ truth, found }) => {
    const torsoPx = torsoDiameterPx(truth);
    const headPx = truth.headBox && headLengthPx(truth.headBox);
    return [...cocoSigmas.keys()].flatMap((joint) => {
      const expected = truth.keypoints[joint];
      if (!isLabelled(expected)) return [];
      const distancePx = distanceBetween(found?.[joint], expected);
      return [
        { joint, distancePx, similarity: similarityOf(joint, distancePx, truth), torsoPx, headPx },
      ];
    });
  });
}

/**
 * The torso's diameter in px: from the left shoulder to the right hip, or along the other diagonal where one
 * of these is not labelled. Null where neither diagonal is, or where it has no length. Source: the torso of
 * Sapp & Taskar, MODEC, CVPR 2013, by which PCK on COCO-like joints is normalised since.
 */
export function torsoDiameterPx({ keypoints }: TruePose): number | null {
  return (
    diagonal(keypoints[LEFT_SHOULDER], keypoints[RIGHT_HIP]) ??
    diagonal(keypoints[RIGHT_SHOULDER], keypoints[LEFT_HIP])
  );
}

/**
 * Length of the head in px: 0.6 times the diagonal of its box. Source: Andriluka, Pishchulin, Gehler &
 * Schiele, 2D Human Pose Estimation, CVPR 2014, and the factor in MPII's evaluation toolkit.
 */
export function headLengthPx({ width, height }: BoundingBox): number {
  return HEAD_LENGTH_OF_DIAGONAL * Math.hypot(width, height);
}

function diagonal(from: TrueKeypoint | undefined, to: TrueKeypoint | undefined): number | null {
  if (!isLabelled(from) || !isLabelled(to)) return null;
  return Math.hypot(from.x - to.x, from.y - to.y) || null;
}

function isLabelled(joint: TrueKeypoint | undefined): joint is TrueKeypoint {
  return joint !== undefined && joint.v > 0;
}

function distanceBetween(
  found: CocoDetection['keypoints'][number] | undefined,
  expected: TrueKeypoint,
): number {
  return found ? Math.hypot(found.x - expected.x, found.y - expected.y) : Infinity;
}

function similarityOf(joint: number, distancePx: number, truth: AnnotatedPerson): number {
  return jointSimilarity(distancePx ** 2, cocoAreaPx(truth), cocoSigmas[joint] as number);
}
