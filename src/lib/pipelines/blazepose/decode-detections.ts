// From the person detector's outputs to people: where their hips are and how large and upright they are.
import { intersectionOverUnion } from '../box.ts';
import type { Box } from '../box.ts';
import type { TensorData } from '../tensor-runner.ts';
import { ANCHOR_COUNT, DETECTOR_INPUT_PX } from './anchors.ts';
import { VALUES_PER_BOX } from './blazepose-shape.ts';
import { sigmoid } from './sigmoid.ts';

/** From here on a detection counts. Source: min_score_thresh in MediaPipe's pose_detection_cpu.pbtxt. */
const MIN_SCORE = 0.5;
/** Raw scores are cut to ± this. Source: score_clipping_thresh, ibid. */
const SCORE_LIMIT = 100;
/**
 * Detections whose boxes overlap more (intersection over union) are one person. Source: the default of
 * min_suppression_threshold in pose_detector_graph_options.proto, which the Pose Landmarker leaves as it
 * is; the older pose_detection_cpu.pbtxt, for one person, has 0.3.
 */
const MIN_OVERLAP = 0.5;

/** Places in a detection's numbers. */
const LEFT = 0;
const TOP = 1;
const RIGHT = 2;
const BOTTOM = 3;
const POINTS = 4;

/** A person in the detector's picture, in fractions of it. */
export type Detection = {
  readonly score: number;
  /** Left, top, right, bottom of the box, which is the face's, then x and y of the points. */
  readonly numbers: Float32Array;
};

/** The point between the hips: the middle of the person. */
export function hipsOf({ numbers }: Detection): { u: number; v: number } {
  return { u: numbers[POINTS] ?? 0, v: numbers[POINTS + 1] ?? 0 };
}

/** A point above the hips, as far from them as the farthest limb reaches. */
export function reachOf({ numbers }: Detection): { u: number; v: number } {
  return { u: numbers[POINTS + 2] ?? 0, v: numbers[POINTS + 3] ?? 0 };
}

/**
 * The people in the detector's picture, best first, each once. `boxes` are 2254×12 (box's centre and size,
 * then four points, x before y, in pixels of the picture from the anchor), `scores` 2254 before the
 * sigmoid, `anchors` those of createAnchors. Source: MediaPipe TensorsToDetectionsCalculator and
 * NonMaxSuppressionCalculator (WEIGHTED) with the options of pose_detection_cpu.pbtxt.
 */
export function decodeDetections(
  boxes: TensorData,
  scores: TensorData,
  anchors: Float32Array,
): Detection[] {
  const found: Detection[] = [];
  for (let anchor = 0; anchor < ANCHOR_COUNT; anchor += 1) {
    const raw = scores[anchor] ?? -SCORE_LIMIT;
    const score = sigmoid(Math.min(SCORE_LIMIT, Math.max(-SCORE_LIMIT, raw)));
    if (!(score >= MIN_SCORE)) continue;
    const numbers = decodeBox(boxes, anchor, anchors);
    const hasSize =
      (numbers[RIGHT] ?? 0) >= (numbers[LEFT] ?? 0) &&
      (numbers[BOTTOM] ?? 0) >= (numbers[TOP] ?? 0);
    if (hasSize) found.push({ score, numbers });
  }
  return mergeOverlapping(found.sort((a, b) => b.score - a.score));
}

function decodeBox(boxes: TensorData, anchor: number, anchors: Float32Array): Float32Array {
  const from = anchor * VALUES_PER_BOX;
  const anchorX = anchors[2 * anchor] ?? 0;
  const anchorY = anchors[2 * anchor + 1] ?? 0;
  const numbers = new Float32Array(VALUES_PER_BOX);
  const centerX = (boxes[from] ?? 0) / DETECTOR_INPUT_PX + anchorX;
  const centerY = (boxes[from + 1] ?? 0) / DETECTOR_INPUT_PX + anchorY;
  const halfWidth = (boxes[from + 2] ?? 0) / DETECTOR_INPUT_PX / 2;
  const halfHeight = (boxes[from + 3] ?? 0) / DETECTOR_INPUT_PX / 2;
  numbers[LEFT] = centerX - halfWidth;
  numbers[TOP] = centerY - halfHeight;
  numbers[RIGHT] = centerX + halfWidth;
  numbers[BOTTOM] = centerY + halfHeight;
  for (let at = POINTS; at < VALUES_PER_BOX; at += 2) {
    numbers[at] = (boxes[from + at] ?? 0) / DETECTOR_INPUT_PX + anchorX;
    numbers[at + 1] = (boxes[from + at + 1] ?? 0) / DETECTOR_INPUT_PX + anchorY;
  }
  return numbers;
}

/** Of detections that overlap, their mean by score, with the score of the best. `sorted` is best first. */
function mergeOverlapping(sorted: readonly Detection[]): Detection[] {
  const merged: Detection[] = [];
  let left = sorted;
  for (let best = left[0]; best; best = left[0]) {
    const box = boxOf(best);
    const same = left.filter((each) => intersectionOverUnion(boxOf(each), box) > MIN_OVERLAP);
    // A box without area overlaps nothing, not even itself; it stands alone.
    merged.push(same.length > 0 ? { score: best.score, numbers: weightedMean(same) } : best);
    left = left.filter((each) => each !== best && !same.includes(each));
  }
  return merged;
}

function weightedMean(detections: readonly Detection[]): Float32Array {
  const mean = new Float32Array(VALUES_PER_BOX);
  let total = 0;
  for (const { score } of detections) total += score;
  for (const { score, numbers } of detections) {
    for (let at = 0; at < VALUES_PER_BOX; at += 1)
      mean[at] = (mean[at] ?? 0) + ((numbers[at] ?? 0) * score) / total;
  }
  return mean;
}

function boxOf({ numbers }: Detection): Box {
  return {
    left: numbers[LEFT] ?? 0,
    top: numbers[TOP] ?? 0,
    right: numbers[RIGHT] ?? 0,
    bottom: numbers[BOTTOM] ?? 0,
  };
}
