// Exact quantiles of raw samples. Mergeable approximations live in latency-sketch.ts.

/** Samples in ascending order, as a new array. Throws a RangeError on a value that is not finite. */
export function sortedSamples(samples: Iterable<number>): Float64Array {
  const sorted = Float64Array.from(samples).sort();
  for (const value of sorted) {
    if (!Number.isFinite(value)) throw new RangeError(`A sample is not a finite number: ${value}.`);
  }
  return sorted;
}

/**
 * Quantile `q` in [0, 1] of ascending samples, in their unit, with linear interpolation between
 * order statistics (Hyndman & Fan 1996, type 7: the default of R and NumPy). Null when empty.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile lies between 0 and 1, not at ${q}.`);
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * q;
  const lower = sorted[Math.floor(position)] as number;
  const upper = sorted[Math.ceil(position)] as number;
  return lower + (upper - lower) * (position - Math.floor(position));
}
