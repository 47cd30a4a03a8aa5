// The contract between the headless page and the program that drives it. Types only: both sides import it.
import type { RunSummary } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';

/** One line of a keypoint file: who was found in one frame; x and y in pixels of the upright frame. */
export type KeypointLine = {
  readonly frame: number;
  readonly ptsMs: number;
  readonly skeleton: string;
  readonly poses: readonly {
    readonly score: number;
    readonly keypoints: readonly (readonly [x: number, y: number, score: number])[];
  }[];
};

/** A run as it leaves the page. `keypoints` is empty unless asked for. */
export type HeadlessOutcome = {
  readonly summary: RunSummary;
  readonly events: readonly MetricEvent[];
  readonly keypoints: readonly KeypointLine[];
};

/** What a call gave, or one sentence why it gave nothing: an exception would arrive with its stack. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** What a driver asks for. `maxFrames` null means all frames. */
export type HeadlessRequest = {
  readonly targetId: string;
  readonly maxFrames: number | null;
  readonly deviceId: string;
  readonly keypoints: boolean;
};

/** The page's interface to its driver, under `globalThis.kinemark`. */
export type HeadlessApi = {
  /** Opens and inspects the given file, or the built-in clip; closes the one opened before. */
  open(file: File | null, maxFrames: number | null): Promise<Reply<null>>;
  /** Measures a target on the open clip. */
  run(request: HeadlessRequest): Promise<Reply<HeadlessOutcome>>;
  /** Runs the same engine on the open clip with nothing around it; gives frames per second. */
  bareLoop(targetId: string): Promise<Reply<number>>;
};
