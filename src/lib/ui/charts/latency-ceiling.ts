// Where a latency chart's scale ends, so that one stalled frame does not flatten all the others.
import { quantile } from '../../metrics/quantile.ts';

/** No chart leaves more than this share of the frames above its scale. */
const MAX_SHARE_ABOVE = 0.05;
/** Interquartile ranges above the median; far beyond the tail that a steady run has. */
const FAR_OUT_IQRS = 5;

/**
 * The largest latency in ms that a chart shows in place. What lies above is never dropped: a chart
 * marks and counts it at its edge. It is the maximum unless that is further from the median than both
 * 5 interquartile ranges and the median itself, and never below the 95th percentile. Takes ascending
 * latencies; 0 when there are none.
 */
export function latencyCeilingMs(sortedMs: ArrayLike<number>): number {
  const max = quantile(sortedMs, 1);
  const median = quantile(sortedMs, 0.5);
  const upper = quantile(sortedMs, 0.75);
  const lower = quantile(sortedMs, 0.25);
  const least = quantile(sortedMs, 1 - MAX_SHARE_ABOVE);
  if (max === null || median === null || upper === null || lower === null || least === null) {
    return 0;
  }
  const farOut = median + Math.max(FAR_OUT_IQRS * (upper - lower), median);
  return Math.min(max, Math.max(farOut, least));
}
