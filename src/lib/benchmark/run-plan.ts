// The frozen inputs of a run: everything that must be repeated to repeat its numbers.
import type { EngineOptions } from '../engines/pose-engine.ts';

/** How frames arrive. `single-stream`: the next is taken when the last is done (MLPerf Inference). */
export type ScenarioId = 'single-stream';

/** What a run measures and how. Frozen before the first frame; stored with the result. */
export type RunPlan = {
  readonly runId: string;
  /** `engine/model@backend`. */
  readonly target: string;
  readonly engine: string;
  readonly model: string;
  readonly backend: string;
  readonly options: EngineOptions;
  readonly scenario: ScenarioId;
  /** Frames to process from the start of the source; null for all of them. */
  readonly maxFrames: number | null;
  /** Least length of a tumbling window in ms of wall time. */
  readonly windowMs: number;
  /** A window that has this many frames closes before its time: an event has its limits. */
  readonly maxWindowFrames: number;
};

/** Long enough for tens of frames, short enough that a crash loses little. */
export const WINDOW_MS = 3000;
