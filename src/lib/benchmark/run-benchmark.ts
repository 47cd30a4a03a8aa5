// One run from loading to result. Reads as a table of contents; each step lives in a file of its own.
// Never touches the UI, storage or the network: whoever hosts the run observes it.
import type { EngineLoadReport, EngineLoadRequest, PoseEngine } from '../engines/pose-engine.ts';
import type { PoseParity } from '../metrics/pose-parity.ts';
import { SourceError } from '../video/frame-source.ts';
import type { FrameSource } from '../video/frame-source.ts';
import type { RunAccuracy } from './accuracy.ts';
import { createEnginePool } from './engine-pool.ts';
import type { EnginePool } from './engine-pool.ts';
import type { Environment, HostEnvironment } from './environment.ts';
import type { ParityCheck } from './check-parity.ts';
import { createFrameCounter } from './frame-counter.ts';
import type { CountedFrames } from './frame-counter.ts';
import { MeasurementsLostError } from './number-log.ts';
import { requireFigures } from './require-figures.ts';
import { nothingRead } from './resources.ts';
import type { ResourceMeter } from './resources.ts';
import { createSampleLog } from './sample-log.ts';
import { recipeOf } from './run-plan.ts';
import type { RunPlan, RunRecipe } from './run-plan.ts';
import type { FrameSample, RunOutcome, RunResult, SourceSummary } from './run-result.ts';
import { runScenario } from './run-scenario.ts';
import type { ScenarioReport, Timer } from './scenario.ts';
import { summarise } from './summarise.ts';
import type { VerdictReason } from './verdict.ts';
import { createWindowAccumulator } from './window-accumulator.ts';
import type { WindowSummary } from './window-accumulator.ts';

/** An engine's error may hold half a log; an event holds a sentence. */
const MAX_FAILURE_LENGTH = 500;

/** Poses of more frames would fill the memory of a phone in the end: five minutes of them have about 20 MB. */
const MAX_FRAMES_WITH_POSES = 10_000;

/** What a run is announced with, once the model is loaded and before the first frame. */
export type RunStart = {
  readonly plan: RunPlan;
  readonly recipe: RunRecipe;
  readonly startedAt: string;
  readonly source: SourceSummary;
  /** Null where that depends on time. */
  readonly plannedFrames: number | null;
  readonly environment: Environment;
};

/** Watches a run. Called between frames: must return quickly and must not throw. */
export type RunObserver = {
  onStart(start: RunStart): unknown;
  /** Asked before each frame: whether its pixels are to be shown. */
  wantsPreview(): boolean;
  /** A frame is done. `preview` is the observer's to close. */
  onFrame(sample: FrameSample, preview: VideoFrame | null): unknown;
  /** A frame was dropped, for being late or lost with its engine. */
  onDrop?(): unknown;
  /** The measured part begins or ends; before or after it a scenario may search, which shows no frames. */
  onMeasuring?(isMeasuring: boolean): unknown;
  onWindow(window: WindowSummary): unknown;
};

/** Everything a run needs; the clocks are handed in. */
export type RunInput = {
  readonly plan: RunPlan;
  readonly request: EngineLoadRequest;
  readonly source: FrameSource;
  /** Makes an engine that ends at once, whatever it does, when the signal aborts. */
  readonly createEngine: (signal: AbortSignal) => PoseEngine;
  readonly stallLimitMs: number;
  readonly host: HostEnvironment;
  readonly meter: ResourceMeter;
  readonly observer: RunObserver;
  /** Cancels the run; its samples are kept. */
  readonly signal: AbortSignal;
  readonly timer: Timer;
  /** Time of day. */
  readonly now: () => Date;
  /** Whether the tab has been hidden since the run began. */
  readonly wasHidden: () => boolean;
  /** Compares the poses with ground truth, where there is one. Called once, after the last frame. */
  readonly scoreAccuracy?: (samples: readonly FrameSample[]) => RunAccuracy | null;
  /** Compares the engine with the same model on wasm, where there is one. Called once, after the last frame. */
  readonly checkParity?: ParityCheck;
};

/**
 * Measures one target on one source and disposes of its engines. Rejects when the model does not load
 * or the run is aborted before its first frame: then there is no run. From then on it always resolves;
 * a cancelled or failed run keeps its samples and says so in its outcome and verdict.
 */
export async function runBenchmark(input: RunInput): Promise<RunResult> {
  const { plan, request, source, observer, meter, host, now } = input;
  const pool = createEnginePool(input);
  try {
    await orAborted(meter.before(), input.signal);
    const { engine, loaded } = await pool.add();
    input.signal.throwIfAborted();
    const start: RunStart = {
      plan,
      recipe: recipeOf(plan),
      startedAt: now().toISOString(),
      source: describeSource(source),
      plannedFrames: plannedFramesOf(plan, source),
      environment: describeEnvironment(host, loaded),
    };
    observer.onStart(start);
    const end = await runToEnd(input, pool, engine);
    const wasHidden = input.wasHidden();
    // Before anything else is loaded: it would count.
    const isWhole = end.outcome === 'finished';
    const measurable = { engines: pool.engines, threadsUsed: loaded.threadsUsed };
    // Engines of a run that broke off may be gone: what is left would be taken for the whole.
    const reading = isWhole ? await meter.read(measurable) : nothingRead;
    const parity = isWhole ? await checkParity(input, engine) : notCompared;
    const { info } = source;
    const measured = { plan, host, start, info, loaded, reading, ...parity, wasHidden };
    // Not before the comparison, in which an engine may be lost as well.
    const engineRestarts = pool.restarts();
    const summary = summarise({ ...measured, ...end, engineRestarts });
    return { plan, skeleton: request.skeleton, samples: end.samples, summary };
  } finally {
    await pool.dispose();
  }
}

/** How a run went, from its first frame on. */
export type RunEnd = CountedFrames & {
  /** Fewer than were counted where the browser lost some. */
  readonly samples: readonly FrameSample[];
  /** Engines that were lost and replaced between the start and the end of the run's clock. */
  readonly measuredRestarts: number;
  readonly report: ScenarioReport;
  readonly accuracy: RunAccuracy | null;
  readonly outcome: RunOutcome;
  readonly failure: string | null;
  /** Why a run is invalid that did not finish, or of which samples were lost. */
  readonly endReasons: readonly VerdictReason[];
};

async function runToEnd(input: RunInput, pool: EnginePool, engine: PoseEngine): Promise<RunEnd> {
  const { plan, source, observer, meter, signal } = input;
  const log = createSampleLog();
  const windows = createWindowAccumulator(plan, source.info);
  const counter = createFrameCounter();
  let framesWithPoses = 0;
  let restartsAtStart: number | null = null;
  let measuredRestarts = 0;
  let report: ScenarioReport = { live: null, streams: null, firstInferenceMs: null };
  let accuracy: RunAccuracy | null = null;
  let end: Ending = { outcome: 'finished', failure: null, endReasons: [] };
  try {
    report = await runScenario(plan.scenario, {
      source,
      engine,
      addEngine: async (isReplaced) => (await pool.add(isReplaced)).engine,
      engineRestarts: () => pool.restarts(),
      settings: plan.settings,
      timer: input.timer,
      signal,
      // Nobody waits for the readings: what they cost is in no frame's time.
      onStart() {
        restartsAtStart = pool.restarts();
        void meter.start();
        observer.onMeasuring?.(true);
      },
      onEnd() {
        if (restartsAtStart !== null) measuredRestarts = pool.restarts() - restartsAtStart;
        void meter.stop();
        observer.onMeasuring?.(false);
      },
      wantsPreview: () => observer.wantsPreview(),
      onSample(sample, durationMs, preview, queueDepth) {
        requireFigures(sample);
        const isFirst = sample.pass === 0 && sample.stream === 0;
        const keepsPoses = isFirst && framesWithPoses < MAX_FRAMES_WITH_POSES;
        if (keepsPoses) framesWithPoses += 1;
        counter.add(sample);
        log.add(keepsPoses ? sample : { ...sample, poses: [] });
        observer.onFrame(sample, preview);
        const window = windows.add(sample, durationMs, queueDepth);
        if (window) observer.onWindow(window);
      },
      onDrop(durationMs, stream) {
        counter.drop(stream);
        windows.drop(durationMs);
        observer.onDrop?.();
      },
    });
  } catch (cause) {
    end = endingOf(cause, signal);
  }
  const orEnd = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      // What ended the run before says more.
      if (end.outcome === 'finished') end = endingOf(cause, signal);
    }
  };
  // Before the log is read: the run's windows are whole, whatever is left of its samples.
  orEnd(() => {
    const last = windows.flush();
    if (last) observer.onWindow(last);
  });
  const { samples, loss } = await log.read();
  if (loss) end = endingWith(loss, end);
  orEnd(() => {
    // Only then: frames that were never reached would count as people missed.
    if (end.outcome === 'finished') accuracy = input.scoreAccuracy?.(samples) ?? null;
  });
  return { ...counter.counted(), samples, report, accuracy, measuredRestarts, ...end };
}

/** Whoever cancels does not wait for a sensor. */
async function orAborted(call: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<null>();
  const onAbort = (): void => aborted.resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([call, aborted.promise]);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What came of the comparison with wasm; `problem` says why there is none, where that is not plain. */
export type ParityOutcome = { readonly parity: PoseParity | null; readonly problem: string | null };

const notCompared: ParityOutcome = { parity: null, problem: null };

/** A run that nothing can be compared with is a run all the same. */
async function checkParity(
  { checkParity: check, source, signal }: RunInput,
  engine: PoseEngine,
): Promise<ParityOutcome> {
  if (!check) return notCompared;
  try {
    return { parity: await check({ engine, source, signal }), problem: null };
  } catch (cause) {
    return {
      parity: null,
      problem: signal.aborted
        ? 'The comparison was cancelled.'
        : `The comparison failed: ${sentenceOf(cause)}`.slice(0, MAX_FAILURE_LENGTH),
    };
  }
}

type Ending = Pick<RunEnd, 'outcome' | 'failure' | 'endReasons'>;

function endingOf(cause: unknown, signal: AbortSignal): Ending {
  if (signal.aborted) return { outcome: 'cancelled', failure: null, endReasons: ['cancelled'] };
  return { outcome: 'failed', failure: sentenceOf(cause), endReasons: [reasonOf(cause)] };
}

/** What ended the run before says more, but does not say that samples were lost. */
function endingWith(loss: MeasurementsLostError, { outcome, failure, endReasons }: Ending): Ending {
  return {
    outcome: outcome === 'finished' ? 'failed' : outcome,
    failure: failure ?? loss.message,
    endReasons: [...endReasons, 'frames-lost'],
  };
}

function reasonOf(cause: unknown): VerdictReason {
  if (cause instanceof MeasurementsLostError) return 'frames-lost';
  if (!(cause instanceof SourceError)) return 'engine-error';
  return cause.code === 'changed' ? 'source-changed' : 'frames-lost';
}

function sentenceOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.slice(0, MAX_FAILURE_LENGTH);
}

/** Known of runs that take each frame once. */
export function plannedFramesOf(
  { scenario, settings }: Pick<RunPlan, 'scenario' | 'settings'>,
  { info }: FrameSource,
): number | null {
  const isOnce = settings.durationMs === null && scenario !== 'multi-stream';
  return isOnce ? info.deliverableFrames : null;
}

function describeSource({ info }: FrameSource): SourceSummary {
  const { kind, name, sha256, widthPx, heightPx, frameCount, framesDigest } = info;
  return { kind, name, sha256, widthPx, heightPx, frameCount, framesDigest };
}

function describeEnvironment(host: HostEnvironment, loaded: EngineLoadReport): Environment {
  const { engineVersion, modelSha256, threadsUsed } = loaded;
  return { ...host, engineVersion, modelSha256, threadsUsed };
}
