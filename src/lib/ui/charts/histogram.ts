// Sorts latencies into bins for a histogram. Draws nothing.
import { quantile, sortedSamples } from '../../metrics/quantile.ts';
import { latencyCeilingMs } from './latency-ceiling.ts';

/** One bar: how many latencies lie in [fromMs, toMs). The last bin of a histogram is open upwards. */
export type HistogramBin = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
};

/** Bins of equal width, side by side; the last one may hold everything above the scale. */
export type LatencyHistogram = {
  readonly bins: readonly HistogramBin[];
  readonly widthMs: number;
  readonly total: number;
  /** True when the last bin also counts what lies above it. */
  readonly openEnded: boolean;
};

/** More bars than this are thinner than a finger can touch and a reader can tell apart. */
export const MAX_BINS = 40;
/** Steps that read well on an axis, per power of ten. */
const NICE_STEPS = [1, 2, 2.5, 5, 10];
/** Finer bins, relative to the latencies themselves, would show noise. */
const MIN_RELATIVE_WIDTH = 0.01;
/** 1 µs: below the resolution of any browser's clock. */
const MIN_WIDTH_MS = 0.001;

/**
 * Bins of latencies in ms; none for no latencies. The width is Freedman and Diaconis's (1981)
 * 2·IQR·n^(−1/3), rounded up to a step that reads well and wide enough for at most 40 bins. Latencies
 * above `latencyCeilingMs` are counted in the last bin.
 */
export function binLatencies(latenciesMs: readonly number[]): LatencyHistogram {
  const sorted = sortedSamples(latenciesMs);
  const minMs = sorted[0];
  const maxMs = sorted.at(-1);
  if (minMs === undefined || maxMs === undefined) {
    return { bins: [], widthMs: 0, total: 0, openEnded: false };
  }
  const ceilingMs = latencyCeilingMs(sorted);
  const widthMs = binWidthMs(sorted, minMs, ceilingMs);
  // Edges are whole multiples of the width, so that they are the axis's own round numbers.
  const first = binIndex(minMs, widthMs);
  const last = binIndex(ceilingMs, widthMs);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const value of sorted) {
    const bin = Math.min(binIndex(value, widthMs), last) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    bins: counts.map((count, index) => ({
      fromMs: edge(first + index, widthMs),
      toMs: edge(first + index + 1, widthMs),
      count,
    })),
    widthMs,
    total: sorted.length,
    openEnded: maxMs >= edge(last + 1, widthMs),
  };
}

/** A bin in words: `27.0–28.0 ms: 143 frames`; the open last one `60.0 ms and more: 1 frame`. */
export function describeBin(histogram: LatencyHistogram, bin: HistogramBin): string {
  const { bins, widthMs, openEnded } = histogram;
  const [, decimals = ''] = String(widthMs).split('.');
  const digits = Math.max(1, decimals.length);
  const format = new Intl.NumberFormat(undefined, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const from = format.format(bin.fromMs);
  const isOpen = openEnded && bin === bins.at(-1);
  const range = isOpen ? `${from} ms and more` : `${from}–${format.format(bin.toMs)} ms`;
  return `${range}: ${bin.count} ${bin.count === 1 ? 'frame' : 'frames'}`;
}

function binWidthMs(sorted: Float64Array, minMs: number, ceilingMs: number): number {
  const iqr = (quantile(sorted, 0.75) ?? 0) - (quantile(sorted, 0.25) ?? 0);
  const freedmanDiaconis = 2 * iqr * sorted.length ** (-1 / 3);
  // Aligned edges can need one bin more than the range alone.
  const widthForMaxBins = (ceilingMs - minMs) / (MAX_BINS - 1);
  const finestMs = Math.max(ceilingMs * MIN_RELATIVE_WIDTH, MIN_WIDTH_MS);
  return niceStepAtLeast(Math.max(freedmanDiaconis, widthForMaxBins, finestMs));
}

function niceStepAtLeast(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = NICE_STEPS.find((candidate) => candidate * power >= least) ?? 10;
  return withoutNoise(step * power);
}

function binIndex(valueMs: number, widthMs: number): number {
  return Math.floor(withoutNoise(valueMs / widthMs));
}

function edge(index: number, widthMs: number): number {
  return withoutNoise(index * widthMs);
}

/** Drops the digits in which binary fractions differ from decimal ones: 3 × 0.1 is 0.3. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}
