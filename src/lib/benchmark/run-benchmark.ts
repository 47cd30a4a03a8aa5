// One run from loading to result. Reads as a table of contents; each step lives in a file of its own.
// Never touches the UI, storage or the network: whoever hosts the run observes it.
import type { EngineLoadReport, EngineLoadRequest, PoseEngine } from '../engines/pose-engine.ts';
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import type { Keypoint, Pose } from '../pose/pose.ts';
import { skeletons } from '../pose/skeletons.ts';
import { SourceError } from '../video/frame-source.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { MAX_CLOCK_RESOLUTION_MS } from './clock-resolution.ts';
import type { Environment, HostEnvironment } from './environment.ts';
import type { RunPlan } from './run-plan.ts';
import type {
  CocoAccuracy,
  FrameSample,
  RunOutcome,
  RunResult,
  SourceSummary,
} from './run-result.ts';
import { runSingleStream } from './single-stream.ts';
import { summarise } from './summarise.ts';
import { timings } from './timings.ts';
import { verdictOf } from './verdict.ts';
import type { VerdictReason } from './verdict.ts';
import { createWindowAccumulator } from './window-accumulator.ts';
import type { WindowSummary } from './window-accumulator.ts';

/** An engine's error may hold half a log; an event holds a sentence. */
const MAX_FAILURE_LENGTH = 500;

/** What a run is announced with, once the model is loaded and before the first frame. */
export type RunStart = {
  readonly plan: RunPlan;
  readonly startedAt: string;
  readonly source: SourceSummary;
  readonly plannedFrames: number;
  readonly environment: Environment;
};

/** Watches a run. Called between frames: must return quickly and must not throw. */
export type RunObserver = {
  onStart(start: RunStart): unknown;
  /** Asked before each frame: whether its pixels are to be shown. */
  wantsPreview(): boolean;
  /** A frame is done. `preview` is the observer's to close. */
  onFrame(sample: FrameSample, preview: VideoFrame | null): unknown;
  onWindow(window: WindowSummary): unknown;
};

/** Everything a run needs; the clocks are handed in. */
export type RunInput = {
  readonly plan: RunPlan;
  readonly request: EngineLoadRequest;
  readonly source: FrameSource;
  readonly engine: PoseEngine;
  readonly host: HostEnvironment;
  readonly observer: RunObserver;
  /** Cancels the run; its samples are kept. */
  readonly signal: AbortSignal;
  /** Monotonic time in ms. */
  readonly clock: () => number;
  /** Time of day. */
  readonly now: () => Date;
  /** Whether the tab has been hidden since the run began. */
  readonly wasHidden: () => boolean;
  /** Compares the poses with ground truth, where there is one. Called once, after the last frame. */
  readonly scoreAccuracy?: (samples: readonly FrameSample[]) => CocoAccuracy | null;
};

/**
 * Measures one target on one source and disposes of the engine. Rejects when the model does not load
 * or the run is aborted before its first frame: then there is no run. From then on it always resolves;
 * a cancelled or failed run keeps its samples and says so in its outcome and verdict.
 */
export async function runBenchmark(input: RunInput): Promise<RunResult> {
  const { plan, request, source, engine, observer, now } = input;
  try {
    const loaded = await engine.load(request);
    input.signal.throwIfAborted();
    const start: RunStart = {
      plan,
      startedAt: now().toISOString(),
      source: describeSource(source),
      plannedFrames: source.info.deliverableFrames,
      environment: describeEnvironment(input.host, loaded),
    };
    observer.onStart(start);
    const end = await runScenario(input);
    const { samples, outcome, failure, accuracy } = end;
    const reasons = findReasons(input, loaded, end);
    return {
      plan,
      skeleton: request.skeleton,
      samples,
      summary: summarise(samples, {
        plan,
        startedAt: start.startedAt,
        outcome,
        failure,
        source: start.source,
        backendUsed: loaded.backendUsed,
        loadMs: loaded.loadMs,
        accuracy,
        verdict: verdictOf(reasons),
        environment: start.environment,
      }),
    };
  } finally {
    // An engine that cannot be freed is no reason to lose the result, nor to hide why there is none.
    await engine.dispose().catch(() => undefined);
  }
}

type ScenarioEnd = {
  readonly samples: readonly FrameSample[];
  readonly accuracy: CocoAccuracy | null;
  readonly outcome: RunOutcome;
  readonly failure: string | null;
  /** Why a run that did not finish is invalid. */
  readonly reason: VerdictReason | null;
};

async function runScenario(input: RunInput): Promise<ScenarioEnd> {
  const { plan, source, engine, observer, signal, clock } = input;
  const samples: FrameSample[] = [];
  const windows = createWindowAccumulator(plan, source.info);
  let accuracy: CocoAccuracy | null = null;
  let end: RunEnd = { outcome: 'finished', failure: null, reason: null };
  try {
    await runSingleStream({
      source,
      engine,
      clock,
      signal,
      wantsPreview: () => observer.wantsPreview(),
      onSample(sample, durationMs, preview) {
        requireFigures(sample);
        samples.push(sample);
        observer.onFrame(sample, preview);
        const window = windows.add(sample, durationMs);
        if (window) observer.onWindow(window);
      },
    });
    // Only here: frames that were never reached would count as people missed.
    accuracy = input.scoreAccuracy?.(samples) ?? null;
  } catch (cause) {
    end = endOf(cause, signal);
  }
  try {
    const last = windows.flush();
    if (last) observer.onWindow(last);
  } catch (cause) {
    // What ended the run before says more.
    if (end.outcome === 'finished') end = endOf(cause, signal);
  }
  return { samples, accuracy, ...end };
}

type RunEnd = Omit<ScenarioEnd, 'samples' | 'accuracy'>;

function endOf(cause: unknown, signal: AbortSignal): RunEnd {
  if (signal.aborted) return { outcome: 'cancelled', failure: null, reason: 'cancelled' };
  const reason = cause instanceof SourceError ? 'frames-lost' : 'engine-error';
  return { outcome: 'failed', failure: sentenceOf(cause), reason };
}

/** Throws when an engine gave what no summary can be made of: a figure that is none, or half a pose. */
function requireFigures(sample: FrameSample): void {
  sample.poses.forEach((pose) => requireWhole(pose, sample.index));
  const durations = timings.map((timing) => [`${timing}Ms`, sample[`${timing}Ms`] ?? 0] as const);
  const scores = sample.poses.map(({ score }) => ['score', score] as const);
  for (const [name, value] of [...durations, ...scores]) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new Error(
      `The run ended at frame ${sample.index} because the engine gave ${value} as its ${name}. Choose another target.`,
    );
  }
}

function requireWhole({ skeleton, keypoints }: Pose, frame: number): void {
  const expected = skeletons[skeleton].keypointNames.length;
  const isPlaced = ({ x, y, score }: Keypoint) => [x, y, score].every(Number.isFinite);
  if (keypoints.length === expected && keypoints.every(isPlaced)) return;
  throw new Error(
    `The run ended at frame ${frame} because the engine gave no whole pose of ${expected} keypoints. Choose another target.`,
  );
}

function findReasons(
  { plan, host, source, wasHidden }: RunInput,
  { backendUsed }: EngineLoadReport,
  { samples, outcome, reason }: ScenarioEnd,
): Set<VerdictReason> {
  const reasons = new Set<VerdictReason>();
  if (reason) reasons.add(reason);
  if (backendUsed !== plan.backend) reasons.add('backend-fallback');
  if (host.adapter?.software === true) reasons.add('software-adapter');
  if (source.info.truncated) reasons.add('source-truncated');
  if (wasHidden()) reasons.add('tab-hidden');
  if (host.clockResolutionMs > MAX_CLOCK_RESOLUTION_MS) reasons.add('coarse-clock');
  if (samples.length < minSamplesForPercentile(0.9)) reasons.add('too-few-samples');
  if (outcome === 'finished' && samples.length < source.info.deliverableFrames) {
    reasons.add('frames-lost');
  }
  return reasons;
}

function sentenceOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.slice(0, MAX_FAILURE_LENGTH);
}

function describeSource({ info }: FrameSource): SourceSummary {
  const { kind, name, sha256, widthPx, heightPx, frameCount, framesDigest } = info;
  return { kind, name, sha256, widthPx, heightPx, frameCount, framesDigest };
}

function describeEnvironment(host: HostEnvironment, loaded: EngineLoadReport): Environment {
  const { engineVersion, modelSha256, threadsUsed } = loaded;
  return { ...host, engineVersion, modelSha256, threadsUsed };
}
