// The frozen inputs of a run: everything that must be repeated to repeat its numbers.
import type { EngineOptions } from '../engines/pose-engine.ts';
import type { SourceKind } from '../video/frame-source.ts';

/**
 * How frames arrive. `single-stream`: the next is taken when the last is done. `offline`: all are there at
 * once, decoded ahead. `live`: they keep the source's clock, late ones are dropped. `multi-stream`: several
 * live streams at once. All but the third are MLPerf Inference's terms.
 */
export const scenarioIds = ['single-stream', 'offline', 'live', 'multi-stream'] as const;
export type ScenarioId = (typeof scenarioIds)[number];

/** Limits of what may be asked for: the course of a run is kept for an hour, and each stream has an engine. */
export const MIN_RUN_MS = 1000;
export const MAX_RUN_MS = 3_600_000;
export const MAX_PLANNED_STREAMS = 64;
export const MAX_THREADS = 256;
export const MAX_POSES = 100;

/** What a scenario may be told. Settings that a scenario has no use for are null or false. */
export type ScenarioSettings = {
  /** Repeats the source until this much wall time has passed; null ends with the source. In ms. */
  readonly durationMs: number | null;
  /** `live` on a clip: also searches the highest rate at which it could still be followed. */
  readonly findMaxFps: boolean;
  /** `multi-stream`: how many streams; null searches the largest number that is held. */
  readonly streams: number | null;
};

/** The source that a run was made on; one with another digest gives another result. */
export type PlannedSource = {
  readonly kind: SourceKind;
  readonly name: string;
  /** Null where frames never come twice. */
  readonly framesDigest: string | null;
};

/** What is asked for, apart from the device: what a link or a plan file holds, to run it again. */
export type RunRecipe = {
  /** `engine/model@backend`. */
  readonly target: string;
  readonly options: EngineOptions;
  readonly scenario: ScenarioId;
  readonly settings: ScenarioSettings;
  readonly source: PlannedSource;
  /** Frames to process from the start of the source; null for all of them. */
  readonly maxFrames: number | null;
  /** Of everything that is drawn at random: bootstrap intervals and the order of a sweep. An unsigned 32-bit integer. */
  readonly seed: number;
  /** A run that was shorter, in ms of wall time, is invalid. */
  readonly minDurationMs: number;
};

/** What a run measures and how. Frozen before the first frame; stored with the result. */
export type RunPlan = RunRecipe & {
  readonly runId: string;
  readonly engine: string;
  readonly model: string;
  readonly backend: string;
  /** Least length of a tumbling window in ms of wall time. */
  readonly windowMs: number;
  /** A window that has this many frames closes before its time: an event has its limits. */
  readonly maxWindowFrames: number;
  /** Of the frames that a plan was made for, where this run follows one; null takes the source as it is. */
  readonly expectedDigest: string | null;
};

/** Long enough for tens of frames, short enough that a crash loses little. */
export const WINDOW_MS = 3000;

/** A device needs about a second to leave its idle clock speed; half of a run must come after that. */
export const MIN_DURATION_MS = 2000;

/** A scenario as it comes: to the end of the source, nothing searched. */
export const defaultSettings: ScenarioSettings = {
  durationMs: null,
  findMaxFps: false,
  streams: null,
};

/** What of a plan may be repeated on another day and device. */
export function recipeOf(plan: RunPlan): RunRecipe {
  const { target, options, scenario, settings, source, maxFrames, seed, minDurationMs } = plan;
  return { target, options, scenario, settings, source, maxFrames, seed, minDurationMs };
}
