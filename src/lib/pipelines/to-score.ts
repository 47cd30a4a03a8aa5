// A network's opinion of itself as poses have it.

/** The value, moved into [0, 1]: networks without a last sigmoid, and rounded ones, go a little beyond. */
export function toScore(value: number): number {
  return Math.max(0, Math.min(1, value));
}
