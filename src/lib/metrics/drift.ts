// Whether latency drifts within a run, as it does when a device grows warm. Where in a long run its
// level changes is found in change-points.ts.
import { DEFAULT_CONFIDENCE } from './bootstrap-interval.ts';
import type { Interval } from './bootstrap-interval.ts';
import { ratioInterval } from './difference.ts';
import { quantile, sortedSamples } from './quantile.ts';

/** A change beyond this between the beginning and the end makes a run's figures depend on its length. A fraction. */
export const MAX_DRIFT = 0.1;

/**
 * By how much the last third of latencies differs from the first, as a fraction of the first: 0.1 is 10 %
 * slower. Latencies in one unit, in the order of their measurement, from the steady state on. Medians of
 * thirds are compared, so that neither hiccups nor a costlier middle count (Tukey's resistant line,
 * Exploratory Data Analysis, 1977), with the interval of their ratio. Null where the samples are too few
 * or not positive. Content that makes one end of a clip costlier than the other looks like a drift.
 */
export function driftInterval(
  latencies: readonly number[],
  options: { readonly seed: number },
): Interval | null {
  const size = Math.floor(latencies.length / 3);
  const first = latencies.slice(0, size);
  const last = latencies.slice(latencies.length - size);
  const growth = (growthWithin(first) + growthWithin(last)) / 2;
  const ratio = ratioInterval(levelled(first, growth), levelled(last, growth), {
    seed: options.seed,
    statistic: 0.5,
    confidence: DEFAULT_CONFIDENCE,
  });
  if (!ratio) return null;
  const { estimate, low, high, confidence } = ratio;
  return { estimate: estimate - 1, low: low - 1, high: high - 1, confidence };
}

/** Whether a drift, as from `driftInterval`, is certain to be larger than `MAX_DRIFT`, up or down. */
export function isDrifting(drift: Interval): boolean {
  return drift.low > MAX_DRIFT || drift.high < -MAX_DRIFT;
}

/** Growth of a part's logarithm per sample: from the median of its first half to that of its second. */
function growthWithin(part: readonly number[]): number {
  const middle = Math.ceil(part.length / 2);
  const [before, after] = [medianOf(part.slice(0, middle)), medianOf(part.slice(middle))];
  const growth = Math.log(after / before) / middle;
  return Number.isFinite(growth) ? growth : 0;
}

/** Turned about its middle until it is level: a slope within a third would look like noise with a long memory. */
function levelled(part: readonly number[], growthPerSample: number): number[] {
  const middle = (part.length - 1) / 2;
  return part.map((value, i) => value * Math.exp(growthPerSample * (middle - i)));
}

function medianOf(values: readonly number[]): number {
  return quantile(sortedSamples(values), 0.5) ?? NaN;
}
