// What a run leaves behind: raw per-frame samples and the summary derived from them.
import type { EngineOptions } from '../engines/pose-engine.ts';
import type { CocoKeypointMetrics } from '../metrics/coco-evaluation.ts';
import type { ConfidenceSummary, LatencySummary } from '../metrics/distribution.ts';
import type { Pose } from '../pose/pose.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { SourceKind } from '../video/frame-source.ts';
import type { Environment } from './environment.ts';
import type { RunPlan, ScenarioId } from './run-plan.ts';
import type { Timing } from './timings.ts';
import type { Verdict } from './verdict.ts';

/** One processed frame. All times in ms on the page's clock. */
export type FrameSample = {
  /** Position in the source, from 0. */
  readonly index: number;
  /** Presentation time in the source. */
  readonly ptsMs: number;
  /** From the run's first frame being asked for to this frame's result being usable. */
  readonly doneMs: number;
  /** From asking for the frame to its result being usable on the page; the sum of the stages. */
  readonly endToEndMs: number;
  /** Waiting for the decoder. */
  readonly decodeMs: number;
  /** To the worker and back: what the page waited less what the engine worked. */
  readonly transferMs: number;
  /** Inside the engine: pre-process + inference + post-process. */
  readonly engineMs: number;
  /** Null where the engine is a closed pipeline that does not show its stages. */
  readonly preprocessMs: number | null;
  readonly inferenceMs: number | null;
  readonly postprocessMs: number | null;
  readonly poses: readonly Pose[];
};

/** What frames came from. `framesDigest` covers every decoded frame's index, time and pixels. */
export type SourceSummary = {
  readonly kind: SourceKind;
  readonly name: string;
  readonly sha256: string;
  /** Upright size, after rotation. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  readonly framesDigest: string;
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

/** COCO's keypoint metrics of the run against ground truth, and over how much of it. */
export type CocoAccuracy = CocoKeypointMetrics & {
  readonly images: number;
  readonly people: number;
};

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
  /** What stopped a failed run, as a sentence; null otherwise. */
  readonly failure: string | null;
  readonly target: string;
  readonly engine: string;
  readonly model: string;
  readonly backend: string;
  readonly backendUsed: string | null;
  readonly options: EngineOptions;
  readonly scenario: ScenarioId;
  readonly source: SourceSummary;
  readonly frames: FrameCounts;
  readonly wallTimeMs: number;
  readonly effectiveFps: number | null;
  readonly latencyMs: StageSummaries;
  readonly loadMs: number | null;
  readonly firstInferenceMs: number | null;
  readonly cpuUtilization: number | null;
  readonly peakMemoryBytes: number | null;
  readonly memoryDeltaBytes: number | null;
  readonly quality: {
    readonly detectionRate: number | null;
    readonly meanVisibility: number | null;
    readonly confidence: ConfidenceSummary;
    readonly jitter: number | null;
  };
  readonly accuracy: CocoAccuracy | null;
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
