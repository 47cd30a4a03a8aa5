// How well a median is known from few values, whatever they are distributed like.
import { quantile, sortedSamples } from './quantile.ts';

/** A median with the interval that covers the true one with probability `confidence`. */
export type MedianInterval = {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
};

/**
 * The narrowest pair of order statistics x(k), x(n+1−k) that encloses the true median of independent
 * values with at least `minConfidence`: it does with 1 − 2·P(Binomial(n, ½) < k). Source: David &
 * Nagaraja, Order Statistics (2003), §7.1. Throws a RangeError when the values are too few for that.
 */
export function medianInterval(values: readonly number[], minConfidence: number): MedianInterval {
  const sorted = sortedSamples(values);
  const n = sorted.length;
  let best: MedianInterval | null = null;
  let below = 0;
  let probability = 0.5 ** n; // of exactly k − 1 values below the median
  for (let k = 1; k <= n / 2; k += 1) {
    below += probability;
    const confidence = 1 - 2 * below;
    if (confidence < minConfidence) break;
    const [middle, low, high] = [quantile(sorted, 0.5), sorted.at(k - 1), sorted.at(-k)];
    if (middle !== null && low !== undefined && high !== undefined) {
      best = { middle, low, high, confidence };
    }
    probability *= (n - k + 1) / k;
  }
  if (best) return best;
  throw new RangeError(`${n} values are too few for an interval of confidence ${minConfidence}.`);
}
