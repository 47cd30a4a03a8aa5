// Boxes that show the same thing, and which of them stays.
import { intersectionOverUnion } from './box.ts';
import type { Box } from './box.ts';

/** A box and how sure its network is of it. */
export type ScoredBox = Box & { readonly score: number };

/**
 * Greedy non-maximum suppression: the boxes, best first, without those that overlap a better one by more
 * than `maxOverlap` (intersection over union), `limit` of them at most.
 */
export function suppressOverlaps<T extends ScoredBox>(
  boxes: readonly T[],
  maxOverlap: number,
  limit: number,
): T[] {
  const kept: T[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= limit) break;
    if (kept.every((better) => intersectionOverUnion(better, box) <= maxOverlap)) kept.push(box);
  }
  return kept;
}
