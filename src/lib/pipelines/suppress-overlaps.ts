// Boxes that show the same thing, and which of them stays.

/** An upright box, in whatever space the boxes it is compared with are in. */
export type Box = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** A box and how sure its network is of it. */
export type ScoredBox = Box & { readonly score: number };

/** Intersection over union of two boxes, in [0, 1]; 0 when both are empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (areaOf(a) + areaOf(b) - common);
}

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

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}
