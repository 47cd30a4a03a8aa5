// How many samples a percentile needs before it may be reported.

/** MLPerf Inference's confidence that a reported percentile is not better than the true one. */
export const PERCENTILE_CONFIDENCE = 0.99;

/** Samples above the percentile that must have been seen; MLPerf reports nothing with fewer. */
const MIN_OVER_PERCENTILE = 1;

/**
 * The fewest samples from which percentile `p` (in (0, 1)) may be reported: the smallest n for which
 * seeing at most one sample beyond the true percentile has a probability of at most 1 − confidence
 * under Binomial(n, 1 − p). Source: MLPerf Inference rules, "early stopping"; gives 64 for p90,
 * 130 for p95 and 662 for p99. Throws a RangeError when `p` is not inside (0, 1).
 */
export function minSamplesForPercentile(p: number, confidence = PERCENTILE_CONFIDENCE): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A percentile lies inside (0, 1), not at ${p}.`);
  for (let n = MIN_OVER_PERCENTILE + 1; ; n += 1) {
    const none = p ** n;
    const exactlyOne = n * (1 - p) * p ** (n - 1);
    if (none + exactlyOne <= 1 - confidence) return n;
  }
}
