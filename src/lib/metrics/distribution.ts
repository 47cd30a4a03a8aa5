// Summaries of raw samples: what a result shows of a stage's latencies or of the confidences.
import { minSamplesForPercentile } from './early-stopping.ts';
import { quantile, sortedSamples } from './quantile.ts';

/** Latencies in ms. A percentile is null when the samples are too few for it (early-stopping.ts). */
export type LatencySummary = {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
};

/** Confidences in [0, 1]: descriptive quantiles, with no claim about frames not seen. */
export type ConfidenceSummary = {
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
};

/** Summary of durations in ms; null when there are none. */
export function summariseLatencies(durationsMs: readonly number[]): LatencySummary | null {
  const sorted = sortedSamples(durationsMs);
  const min = sorted[0];
  const max = sorted.at(-1);
  const p50 = quantile(sorted, 0.5);
  if (min === undefined || max === undefined || p50 === null) return null;
  return {
    count: sorted.length,
    mean: meanOf(sorted),
    min,
    max,
    p50,
    p90: reportablePercentile(sorted, 0.9),
    p95: reportablePercentile(sorted, 0.95),
    p99: reportablePercentile(sorted, 0.99),
  };
}

/** Quantiles of confidences in [0, 1]; all null when there are none. */
export function summariseConfidences(confidences: readonly number[]): ConfidenceSummary {
  const sorted = sortedSamples(confidences);
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

function reportablePercentile(sorted: Float64Array, p: number): number | null {
  return sorted.length < minSamplesForPercentile(p) ? null : quantile(sorted, p);
}

/** Arithmetic mean of samples, in their unit; NaN when there are none. */
export function meanOf(samples: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of samples) sum += value;
  return sum / samples.length;
}
