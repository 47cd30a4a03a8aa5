// The contract between a run and the scenario by which its frames arrive.
import type { PoseEngine } from '../engines/pose-engine.ts';
import type { FrameSource } from '../video/frame-source.ts';
import type { LiveSummary, StreamsSummary } from './live-summary.ts';
import type { FrameSample } from './run-result.ts';
import type { ScenarioSettings } from './run-plan.ts';

/** A monotonic clock that one can wait for. */
export type Timer = {
  /** Monotonic time in ms. */
  readonly clock: () => number;
  /**
   * Resolves when the clock shows `timeMs`, or at once when it does already. Rejects with the signal's
   * reason when aborted.
   */
  readonly waitUntil: (timeMs: number, signal: AbortSignal) => Promise<void>;
};

/** Whoever is told of the frames of a run. Must return quickly. */
export type FrameReceiver = {
  /** Asked once per frame, before it is sent: whether its pixels are to be shown. */
  readonly wantsPreview: () => boolean;
  /**
   * Told of each frame when it is done, between two frames, with its media duration. `preview` is the
   * receiver's to close; `queueDepth` frames of its stream are waiting to be sent to the engine.
   */
  readonly onSample: (
    sample: FrameSample,
    durationMs: number,
    preview: VideoFrame | null,
    queueDepth: number,
  ) => void;
  /** Told of each frame that was dropped, late or lost with its engine, with its media duration and its stream's number. */
  readonly onDrop: (durationMs: number, stream: number) => void;
};

/** What a scenario runs on. */
export type ScenarioInput = FrameReceiver & {
  readonly source: FrameSource;
  /** Loaded; the caller's to dispose of. */
  readonly engine: PoseEngine;
  /**
   * One more engine with the same model, loaded, for a further stream; the caller's to dispose of. Where it
   * is lost while `isReplaced` says no, its calls reject with an EngineLostError.
   */
  readonly addEngine: (isReplaced?: () => boolean) => Promise<PoseEngine>;
  /** How often engines of the run were lost and replaced so far. */
  readonly engineRestarts: () => number;
  readonly settings: ScenarioSettings;
  readonly timer: Timer;
  readonly signal: AbortSignal;
  /**
   * Called when the clock of the run starts: right before the first frame is asked for or, in live streams,
   * when it is at hand and due.
   */
  readonly onStart: () => void;
  /** Called once when the clock of the run stops, however it ended; a search may go on after that. */
  readonly onEnd: () => void;
};

/** What a scenario found besides its samples. */
export type ScenarioReport = {
  readonly live: LiveSummary | null;
  readonly streams: StreamsSummary | null;
  /** The engine's time for its first frame, where that is no sample; null where it is the first one. */
  readonly firstInferenceMs: number | null;
};
