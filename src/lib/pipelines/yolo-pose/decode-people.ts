// The output of Ultralytics' pose networks as people, in fractions of the network's picture.
// Source: ultralytics/nn/modules/head.py (Pose, Pose26) and docs.ultralytics.com/guides/end2end-detection.
import type { Keypoint } from '../../pose/pose.ts';
import type { ImageSize } from '../image-tensor.ts';
import { suppressOverlaps } from '../suppress-overlaps.ts';
import type { ScoredBox } from '../suppress-overlaps.ts';
import type { Tensor, TensorData } from '../tensor-runner.ts';
import { toScore } from '../to-score.ts';
import { CANDIDATE_VALUES, PERSON_VALUES } from './yolo-shape.ts';
import type { YoloShape } from './yolo-shape.ts';

/**
 * A candidate below this score is nobody, and two boxes that overlap more than this (intersection over
 * union) are the same person. Source: `conf` and `iou` of Ultralytics' predict mode.
 */
const MIN_SCORE = 0.25;
const MAX_OVERLAP = 0.7;

/**
 * Some exports give pixels of the picture (ONNX), others fractions of it (TFLite), and say so nowhere. A
 * mean coordinate above this is in pixels: people in the picture have fractions of 1 at most, give or take
 * a joint outside, and nobody's joints are all within four pixels of the corner.
 */
const MAX_MEAN_FRACTION = 2;

/** Somebody: keypoints in fractions of the picture, (0, 0) its top left corner; scores in [0, 1]. */
export type YoloPerson = { readonly score: number; readonly keypoints: readonly Keypoint[] };

/** A box and where its keypoints begin in the output. Only overlaps matter, so its unit does not. */
type Candidate = ScoredBox & { readonly keypointsAt: number };

/** The people in one output, best first, `limit` of them at most. */
export function decodePeople(
  { data, shape }: Tensor,
  order: YoloShape['order'],
  picture: ImageSize,
  limit: number,
): YoloPerson[] {
  const count = (order === 'by-value' ? shape[2] : shape[1]) ?? 0;
  const candidates =
    order === 'people' ? readPeople(data, count) : readCandidates(data, count, order);
  const kept =
    order === 'people'
      ? candidates.sort((a, b) => b.score - a.score).slice(0, limit)
      : suppressOverlaps(candidates, MAX_OVERLAP, limit);
  const step = order === 'by-value' ? count : 1;
  const people = kept.map(({ score, keypointsAt }) => ({
    score: toScore(score),
    keypoints: readKeypoints(data, keypointsAt, step),
  }));
  return arePixels(people) ? people.map((person) => toFractions(person, picture)) : people;
}

/** The candidates of a network without suppression: box centre, box size, score, keypoints. */
function readCandidates(
  data: TensorData,
  count: number,
  order: 'by-value' | 'by-candidate',
): Candidate[] {
  const step = order === 'by-value' ? count : 1;
  const stride = order === 'by-value' ? 1 : CANDIDATE_VALUES;
  const candidates: Candidate[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = index * stride;
    const score = data[at + 4 * step] ?? 0;
    if (!(score >= MIN_SCORE)) continue;
    const x = data[at] ?? 0;
    const y = data[at + step] ?? 0;
    const halfWidth = (data[at + 2 * step] ?? 0) / 2;
    const halfHeight = (data[at + 3 * step] ?? 0) / 2;
    candidates.push({
      left: x - halfWidth,
      top: y - halfHeight,
      right: x + halfWidth,
      bottom: y + halfHeight,
      score,
      keypointsAt: at + 5 * step,
    });
  }
  return candidates;
}

/** The people of an end-to-end network: box corners, score, class (always a person), keypoints. */
function readPeople(data: TensorData, count: number): Candidate[] {
  const people: Candidate[] = [];
  for (let at = 0; at < count * PERSON_VALUES; at += PERSON_VALUES) {
    const [left = 0, top = 0, right = 0, bottom = 0, score = 0] = data.subarray(at, at + 5);
    if (!(score >= MIN_SCORE)) continue;
    people.push({ left, top, right, bottom, score, keypointsAt: at + 6 });
  }
  return people;
}

function readKeypoints(data: TensorData, from: number, step: number): Keypoint[] {
  return Array.from({ length: 17 }, (_, joint) => {
    const at = from + 3 * joint * step;
    return { x: data[at] ?? 0, y: data[at + step] ?? 0, score: toScore(data[at + 2 * step] ?? 0) };
  });
}

function arePixels(people: readonly YoloPerson[]): boolean {
  let sum = 0;
  let count = 0;
  for (const { keypoints } of people) {
    for (const { x, y } of keypoints) sum += x + y;
    count += 2 * keypoints.length;
  }
  return sum > MAX_MEAN_FRACTION * count;
}

function toFractions({ score, keypoints }: YoloPerson, picture: ImageSize): YoloPerson {
  const { widthPx, heightPx } = picture;
  return {
    score,
    keypoints: keypoints.map((point) => ({
      x: point.x / widthPx,
      y: point.y / heightPx,
      score: point.score,
    })),
  };
}
