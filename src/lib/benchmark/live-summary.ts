// What a run comes to when frames keep the source's clock. How frames are dropped: live.ts.
import type { LatencySummary } from '../metrics/distribution.ts';

/** One trial of a search: something was asked of the device, and this share of frames missed its deadline. */
export type LiveProbe = {
  /** What was tried: frames per second, or a number of streams. */
  readonly value: number;
  /** In [0, 1]; of several streams, the worst one's. A trial ends when it has missed too much, with its share until then. */
  readonly missedDeadlines: number;
};

/** A live run. A frame misses its deadline when it is dropped, or its result is older than `deadlineMs`. */
export type LiveSummary = {
  /** The rate at which the source gave frames; null for a camera that gave fewer than two. */
  readonly sourceFps: number | null;
  readonly deadlineMs: number;
  /** Frames with a result that came too late. */
  readonly lateFrames: number;
  /** Share of all frames of the source, dropped or late, in [0, 1]; null without frames. */
  readonly missedDeadlines: number | null;
  /** From the moment a frame was due to its result being usable, in ms. */
  readonly resultAgeMs: LatencySummary | null;
  /** The highest rate found at which at most 1 % miss their deadline; null when not searched or none held. */
  readonly maxFps: number | null;
  readonly probes: readonly LiveProbe[];
};

/** A multi-stream run: how many live streams the device holds at once. */
export type StreamsSummary = {
  /** Of the run that the figures are of. */
  readonly streams: number;
  /** The largest number found at which at most 1 % miss their deadline; null when not even one is held. */
  readonly held: number | null;
  readonly probes: readonly LiveProbe[];
};
