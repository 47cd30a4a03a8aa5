// What a run leaves behind: raw per-frame samples and the summary derived from them.
import type { EngineOptions } from '../engines/pose-engine.ts';
import type { RunAccuracy } from './accuracy.ts';
import type { ConfidenceSummary, LatencySummary } from '../metrics/distribution.ts';
import type { PoseParity } from '../metrics/pose-parity.ts';
import type { Pose } from '../pose/pose.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { SourceKind } from '../video/frame-source.ts';
import type { Environment } from './environment.ts';
import type { LiveSummary, StreamsSummary } from './live-summary.ts';
import type { ResourceSummary } from './resources.ts';
import type { RunPlan, RunRecipe, ScenarioId } from './run-plan.ts';
import type { SteadyStateSummary } from './steady-summary.ts';
import type { SustainedSummary } from './sustained-summary.ts';
import type { Timing } from './timings.ts';
import type { Verdict } from './verdict.ts';

/** One processed frame. All times in ms on the page's clock. */
export type FrameSample = {
  /** Position in the source, from 0. */
  readonly index: number;
  /** Which repetition of the source, from 0. */
  readonly pass: number;
  /** Which of several streams, from 0. */
  readonly stream: number;
  /** Presentation time in the source. */
  readonly ptsMs: number;
  /** From the run's first frame being asked for to this frame's result being usable. */
  readonly doneMs: number;
  /** From asking for the frame to its result being usable on the page; the sum of the stages. */
  readonly endToEndMs: number;
  /** Waiting for the decoder; 0 where frames come by themselves. */
  readonly decodeMs: number;
  /** Waiting for the engine, which was busy with an earlier frame. */
  readonly queueMs: number;
  /** To the worker and back: what the page waited less what the engine worked. */
  readonly transferMs: number;
  /** Inside the engine: pre-process + inference + post-process. */
  readonly engineMs: number;
  /** Null where the engine is a closed pipeline that does not show its stages. */
  readonly preprocessMs: number | null;
  readonly inferenceMs: number | null;
  readonly postprocessMs: number | null;
  /** People found. */
  readonly people: number;
  /** Who was found. Kept of the source's first pass, as later ones show the same, and of 10,000 frames at most. */
  readonly poses: readonly Pose[];
};

/** What frames came from. `framesDigest` covers every decoded frame's index, time and pixels. */
export type SourceSummary = {
  readonly kind: SourceKind;
  readonly name: string;
  /** Null where frames never come twice: a camera has no file. */
  readonly sha256: string | null;
  /** Upright size, after rotation. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number | null;
  readonly framesDigest: string | null;
};

/** Frames of a run or a window. decoded = processed + dropped; detected ≤ processed. */
export type FrameCounts = {
  readonly decoded: number;
  readonly processed: number;
  readonly dropped: number;
  readonly detected: number;
};

/** Latencies per timing; `engine` is the sum of the three stages that a closed pipeline hides. */
export type StageSummaries = Readonly<Record<Timing, LatencySummary | null>>;

/** How a run ended. `finished` says nothing of its worth: that is the verdict's. */
export type RunOutcome = 'finished' | 'cancelled' | 'failed';

/**
 * The summary of one run: a row of `results.json`, schema `kinemark.results/1` (docs/results.schema.json).
 * A figure that is not known is null, and `nullReasons` says why under the figure's dotted path.
 */
export type RunSummary = {
  readonly runId: string;
  readonly startedAt: string;
  readonly outcome: RunOutcome;
  /** What stopped a failed run, or what was lost of a cancelled one, as a sentence or two; null otherwise. */
  readonly failure: string | null;
  readonly target: string;
  readonly engine: string;
  readonly model: string;
  readonly backend: string;
  readonly backendUsed: string | null;
  readonly options: EngineOptions;
  readonly scenario: ScenarioId;
  /** What to ask for to run it again; null of runs from before it was noted. */
  readonly recipe: RunRecipe | null;
  /** Results compare only if made by the same rules. */
  readonly suiteVersion: number;
  readonly source: SourceSummary;
  readonly frames: FrameCounts;
  /**
   * How often an engine was lost and replaced, from the warm-up to the comparison with wasm; 0 of runs from
   * before that was done.
   */
  readonly engineRestarts: number;
  readonly wallTimeMs: number;
  readonly effectiveFps: number | null;
  readonly latencyMs: StageSummaries;
  readonly loadMs: number | null;
  readonly firstInferenceMs: number | null;
  /** Null when latency never settled. */
  readonly steadyState: SteadyStateSummary | null;
  /** Null in other scenarios than `live` and `multi-stream`. */
  readonly live: LiveSummary | null;
  /** Null in other scenarios than `multi-stream`. */
  readonly streams: StreamsSummary | null;
  /** Null for runs shorter than a sustained one. */
  readonly sustained: SustainedSummary | null;
  /** CPU seconds per second, by the meter's clock: 1 is one core. */
  readonly cpuUtilization: number | null;
  readonly peakMemoryBytes: number | null;
  readonly memoryDeltaBytes: number | null;
  /** How the three figures above were measured, and what else is known. */
  readonly resources: ResourceSummary;
  readonly quality: {
    readonly detectionRate: number | null;
    readonly meanVisibility: number | null;
    readonly confidence: ConfidenceSummary;
    readonly jitter: number | null;
    /** Share of successive frames in which the first person is the same as before, in [0, 1]. */
    readonly identityKept: number | null;
  };
  readonly accuracy: RunAccuracy | null;
  /** Against the same model on wasm; null where there is nothing to compare with. */
  readonly parity: PoseParity | null;
  readonly verdict: Verdict;
  readonly environment: Environment;
  readonly nullReasons: Readonly<Record<string, string>>;
};

/** A whole run: its inputs, its raw samples and the summary derived from them. */
export type RunResult = {
  readonly plan: RunPlan;
  readonly skeleton: SkeletonId;
  readonly samples: readonly FrameSample[];
  readonly summary: RunSummary;
};
