// Precision over recall, as COCO draws and averages it.
import type { DetectionOutcome } from './coco-evaluation-matching.ts';

/** Recalls at which the precision is read: 0, 0.01, … 1. */
const RECALL_STEPS = 100;

/**
 * The interpolated average precision and the greatest recall, in [0, 1], of detections in order of score
 * when `wanted` people (at least one) are to be found. Source: `accumulate` in pycocotools' cocoeval.
 */
export function precisionAndRecall(
  outcomes: readonly DetectionOutcome[],
  wanted: number,
): { readonly precision: number; readonly recall: number } {
  const recalls: number[] = [];
  const precisions: number[] = [];
  let hits = 0;
  let misses = 0;
  for (const outcome of outcomes) {
    if (outcome === 'hit') hits += 1;
    if (outcome === 'miss') misses += 1;
    recalls.push(hits / wanted);
    // COCO's guard against 0 / 0, which a first detection that is ignored would give.
    precisions.push(hits / (hits + misses + Number.EPSILON));
  }
  raiseToTheRight(precisions);

  let sum = 0;
  let at = 0;
  for (let step = 0; step <= RECALL_STEPS; step += 1) {
    const recall = step * (1 / RECALL_STEPS);
    while (at < recalls.length && (recalls[at] as number) < recall) at += 1;
    sum += precisions[at] ?? 0;
  }
  return { precision: sum / (RECALL_STEPS + 1), recall: hits / wanted };
}

/** Makes each precision the best that this or a greater recall has. */
function raiseToTheRight(precisions: number[]): void {
  for (let i = precisions.length - 1; i > 0; i -= 1) {
    precisions[i - 1] = Math.max(precisions[i - 1] as number, precisions[i] as number);
  }
}
