// The part of a run after its warm-up: the figures that two runs are compared by, with their uncertainty.
import type { Interval } from '../metrics/bootstrap-interval.ts';
import type { LatencySummary } from '../metrics/distribution.ts';

/** The frames from the moment that latency settled to the last one. */
export type SteadyStateSummary = {
  /** Frames before it, and how long they took. */
  readonly warmupFrames: number;
  readonly warmupMs: number;
  readonly frames: number;
  /** End to end. */
  readonly latencyMs: LatencySummary;
  /** Coefficient of variation of end-to-end latency: standard deviation over mean. */
  readonly variation: number;
  /** Intervals by moving-block bootstrap; null where the frames are too few. */
  readonly effectiveFps: Interval | null;
  readonly latencyP50Ms: Interval | null;
  readonly latencyP90Ms: Interval | null;
  /** How the engine's time changed from the beginning to the end, as a fraction: 0.1 is 10 % slower. */
  readonly drift: Interval | null;
};
