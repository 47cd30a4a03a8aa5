// COCO's keypoint metrics of a set of images: average precision and recall over thresholds and sizes.
// How detections meet people is in coco-evaluation-matching.ts, the curve in coco-evaluation-curve.ts.
import { precisionAndRecall } from './coco-evaluation-curve.ts';
import { matchDetections, prepareImage } from './coco-evaluation-matching.ts';
import type { AreaRange, DetectionOutcome, PreparedImage } from './coco-evaluation-matching.ts';
import type { TruePose } from './oks.ts';

/** A box in pixels of the image. */
export type BoundingBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** One annotation: a person, or a group of people that nobody told apart. */
export type AnnotatedPerson = TruePose & {
  readonly box: BoundingBox;
  /** Around the head alone, as PoseTrack and MPII have it; null where nobody drew it. */
  readonly headBox: BoundingBox | null;
  /** A group: any number of detections may fall on it. */
  readonly isCrowd: boolean;
  /** Neither to be found nor held against who finds it: groups, and people without a labelled joint. */
  readonly isIgnored: boolean;
};

/** One person as a model found it: 17 joints in COCO order, in pixels of the image. */
export type CocoDetection = {
  readonly keypoints: readonly { readonly x: number; readonly y: number }[];
  /** Only its order counts: the most confident detection is matched first. */
  readonly score: number;
};

/** An image's people, as annotated and as found. */
export type CocoImageResult = {
  readonly people: readonly AnnotatedPerson[];
  readonly detections: readonly CocoDetection[];
};

/** COCO's ten figures, each in [0, 1]; null where no annotated person is of that size. */
export type CocoKeypointMetrics = {
  /** Average precision, mean over the OKS thresholds 0.50, 0.55, … 0.95. */
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly apMedium: number | null;
  readonly apLarge: number | null;
  /** The greatest recall with 20 detections per image, mean over the same thresholds. */
  readonly ar: number | null;
  readonly ar50: number | null;
  readonly ar75: number | null;
  readonly arMedium: number | null;
  readonly arLarge: number | null;
};

const FIRST_THRESHOLD = 0.5;
const LAST_THRESHOLD = 0.95;
const THRESHOLD_COUNT = 10;

/** The OKS from which a detection counts as a hit, with the roundings of NumPy's `linspace`. */
const oksThresholds: readonly number[] = Array.from({ length: THRESHOLD_COUNT }, (_, i) =>
  i === THRESHOLD_COUNT - 1
    ? LAST_THRESHOLD
    : FIRST_THRESHOLD + i * ((LAST_THRESHOLD - FIRST_THRESHOLD) / (THRESHOLD_COUNT - 1)),
);
/** Where 0.50 and 0.75 stand among the thresholds. */
const AT_50 = 0;
const AT_75 = 5;

/** Areas of people in px², both ends included. COCO has no small ones among its keypoints. */
const ALL: AreaRange = { fromPx: 0, toPx: 1e10 };
const MEDIUM: AreaRange = { fromPx: 32 ** 2, toPx: 96 ** 2 };
const LARGE: AreaRange = { fromPx: 96 ** 2, toPx: 1e10 };

/**
 * The keypoint metrics of these images, in the order of their ids: among equal scores the earlier image
 * comes first. Source: `COCOeval` with `iouType='keypoints'` in pycocotools 2.0.
 */
export function evaluateCocoKeypoints(images: readonly CocoImageResult[]): CocoKeypointMetrics {
  const prepared = images.map(prepareImage);
  const all = evaluateRange(prepared, ALL);
  const medium = evaluateRange(prepared, MEDIUM);
  const large = evaluateRange(prepared, LARGE);
  return {
    ap: meanOf(all?.precisions),
    ap50: all?.precisions[AT_50] ?? null,
    ap75: all?.precisions[AT_75] ?? null,
    apMedium: meanOf(medium?.precisions),
    apLarge: meanOf(large?.precisions),
    ar: meanOf(all?.recalls),
    ar50: all?.recalls[AT_50] ?? null,
    ar75: all?.recalls[AT_75] ?? null,
    arMedium: meanOf(medium?.recalls),
    arLarge: meanOf(large?.recalls),
  };
}

/** Average precision and greatest recall per threshold. */
type RangeResult = { readonly precisions: readonly number[]; readonly recalls: readonly number[] };

/** Null when nobody of that size is to be found. */
function evaluateRange(images: readonly PreparedImage[], range: AreaRange): RangeResult | null {
  const wanted = images.reduce((sum, { people }) => sum + people.filter(isWanted).length, 0);
  if (wanted === 0) return null;
  const perThreshold = oksThresholds.map((threshold) => {
    const found = images.flatMap((image) => {
      const outcomes = matchDetections(image, range, threshold);
      return image.detections.map(({ score }, i) => ({ score, outcome: outcomes[i] }));
    });
    // Stable, so that equal scores keep the order of the images.
    found.sort((a, b) => b.score - a.score);
    const outcomes = found.map(({ outcome }) => outcome as DetectionOutcome);
    return precisionAndRecall(outcomes, wanted);
  });
  return {
    precisions: perThreshold.map(({ precision }) => precision),
    recalls: perThreshold.map(({ recall }) => recall),
  };

  function isWanted({ isIgnored, areaPx }: AnnotatedPerson): boolean {
    return !isIgnored && areaPx >= range.fromPx && areaPx <= range.toPx;
  }
}

function meanOf(values: readonly number[] | undefined): number | null {
  return values ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
