// A mergeable summary of durations with a bounded relative error: what travels in window events, so
// that a fleet's percentiles come from merged sketches and never from averaged percentiles.

/** Largest relative error of a quantile read from a sketch. */
export const SKETCH_RELATIVE_ERROR = 0.01;

/** Ratio of neighbouring bucket bounds. Source: DDSketch (Masson, Rim & Lee, VLDB 2019), eq. 1. */
const GAMMA = (1 + SKETCH_RELATIVE_ERROR) / (1 - SKETCH_RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);

/**
 * Durations in ms counted in logarithmic buckets: bucket i holds (γ^(i−1), γ^i]. Plain JSON.
 * `zeroCount` holds durations of exactly 0, which have no logarithm.
 */
export type LatencySketch = {
  readonly relativeError: number;
  readonly count: number;
  readonly sumMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly zeroCount: number;
  /** `[bucket index, count]`, ascending by index. */
  readonly buckets: readonly (readonly [number, number])[];
};

/** The sketch of durations in ms; null when there are none. Throws on a negative or non-finite one. */
export function sketchOf(durationsMs: readonly number[]): LatencySketch | null {
  if (durationsMs.length === 0) return null;
  const counts = new Map<number, number>();
  let sumMs = 0;
  let minMs = Infinity;
  let maxMs = 0;
  let zeroCount = 0;
  for (const value of durationsMs) {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`A duration is a finite number of at least 0 ms, not ${value}.`);
    }
    sumMs += value;
    minMs = Math.min(minMs, value);
    maxMs = Math.max(maxMs, value);
    if (value === 0) zeroCount += 1;
    else increment(counts, Math.ceil(Math.log(value) / LOG_GAMMA), 1);
  }
  return {
    relativeError: SKETCH_RELATIVE_ERROR,
    count: durationsMs.length,
    sumMs,
    minMs,
    maxMs,
    zeroCount,
    buckets: ascending(counts),
  };
}

/** One sketch of all the data behind several; null for none. Throws when their errors differ. */
export function mergeSketches(sketches: readonly LatencySketch[]): LatencySketch | null {
  if (sketches.length === 0) return null;
  const counts = new Map<number, number>();
  const total = { count: 0, sumMs: 0, minMs: Infinity, maxMs: 0, zeroCount: 0 };
  for (const sketch of sketches) {
    if (sketch.relativeError !== SKETCH_RELATIVE_ERROR) {
      throw new RangeError(
        `Sketches of relative error ${sketch.relativeError} and ${SKETCH_RELATIVE_ERROR} do not merge.`,
      );
    }
    total.count += sketch.count;
    total.sumMs += sketch.sumMs;
    total.minMs = Math.min(total.minMs, sketch.minMs);
    total.maxMs = Math.max(total.maxMs, sketch.maxMs);
    total.zeroCount += sketch.zeroCount;
    for (const [bucket, count] of sketch.buckets) increment(counts, bucket, count);
  }
  return { relativeError: SKETCH_RELATIVE_ERROR, ...total, buckets: ascending(counts) };
}

/**
 * Quantile `q` in [0, 1] in ms, within `relativeError` of the sample of that rank (nearest rank,
 * DDSketch algorithm 2), and exact at both ends.
 */
export function sketchQuantile(sketch: LatencySketch, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile lies between 0 and 1, not at ${q}.`);
  const rank = Math.floor(q * (sketch.count - 1));
  if (rank === 0) return sketch.minMs;
  if (rank === sketch.count - 1) return sketch.maxMs;
  let seen = sketch.zeroCount;
  if (seen > rank) return 0;
  for (const [bucket, count] of sketch.buckets) {
    seen += count;
    if (seen > rank) return (2 * GAMMA ** bucket) / (GAMMA + 1);
  }
  return sketch.maxMs;
}

function increment(counts: Map<number, number>, bucket: number, by: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + by);
}

function ascending(counts: Map<number, number>): (readonly [number, number])[] {
  return [...counts].sort(([a], [b]) => a - b);
}
