// How a run of many minutes went: what a device gives after it has grown warm.

/** Ten seconds or so of a sustained run. */
export type SustainedSpan = {
  /** From the run's first frame to the span's. */
  readonly startMs: number;
  readonly frames: number;
  readonly effectiveFps: number;
  /** End to end. */
  readonly latencyP50Ms: number;
};

/** A sustained run's curve. */
export type SustainedSummary = {
  readonly spans: readonly SustainedSpan[];
  /** When the level of latency changed, in ms from the first frame. */
  readonly changePointsMs: readonly number[];
  /** Median latency of the first minute, and of the time after the last change. */
  readonly firstMinuteMs: number;
  readonly plateauMs: number;
  /** Speed of the plateau over that of the first minute: 1 holds out, 0.7 lost 30 %. */
  readonly plateauRatio: number;
};
