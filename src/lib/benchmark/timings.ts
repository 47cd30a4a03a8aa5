// Picks the durations of each stage out of a run's frame samples.
import type { FrameSample } from './run-result.ts';

/** All that is timed of a frame: the whole, the engine's part of it, and the stages in their order. */
export const timings = [
  'endToEnd',
  'engine',
  'decode',
  'queue',
  'transfer',
  'preprocess',
  'inference',
  'postprocess',
] as const;
export type Timing = (typeof timings)[number];

/** The durations in ms of one timing, one per frame that knows it, in the frames' order. */
export function durationsOf(samples: readonly FrameSample[], timing: Timing): number[] {
  return samples.map((sample) => sample[`${timing}Ms`]).filter((value) => value !== null);
}

/** One value per timing, each computed from that timing's durations in ms. */
export function perTiming<T>(
  samples: readonly FrameSample[],
  compute: (durationsMs: number[]) => T,
): Record<Timing, T> {
  return Object.fromEntries(
    timings.map((timing) => [timing, compute(durationsOf(samples, timing))]),
  ) as Record<Timing, T>;
}
