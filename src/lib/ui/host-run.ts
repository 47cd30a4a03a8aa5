// A run on this page: gets the weights, starts the engines' workers, watches tab and device, keeps the
// screen on. The one place where the app and the bench start runs, so that both measure the same way.
import { accuracyOfRun } from '../benchmark/accuracy-of-run.ts';
import { createParityCheck } from '../benchmark/check-parity.ts';
import type { ParityCheck } from '../benchmark/check-parity.ts';
import { captureHostEnvironment } from '../benchmark/environment.ts';
import type { GraphicsAdapter } from '../benchmark/environment.ts';
import type { ResourceMeter } from '../benchmark/resources.ts';
import { runBenchmark } from '../benchmark/run-benchmark.ts';
import type { RunObserver } from '../benchmark/run-benchmark.ts';
import { WINDOW_MS } from '../benchmark/run-plan.ts';
import type { RunPlan, RunRecipe } from '../benchmark/run-plan.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import { STALL_LIMIT_MS } from '../benchmark/stall-watch.ts';
import { pageTimer } from '../benchmark/timer.ts';
import { probeBackend } from '../engines/backend-support.ts';
import { effectiveOptions } from '../engines/effective-options.ts';
import { createEngineClient } from '../engines/engine-client.ts';
import type { EngineLoadRequest, EngineOptions } from '../engines/pose-engine.ts';
import { MAX_WINDOW_FRAMES } from '../events/metric-event.ts';
import type { AnnotatedFrame } from '../metrics/annotated-frames.ts';
import type { BackendId, ModelFile, PinnedFile } from '../models/model-spec.ts';
import { targetsOf } from '../models/target.ts';
import type { Target } from '../models/target.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { obtainFiles } from '../weights/obtain-files.ts';
import type { ObtainProgress } from '../weights/obtain-files.ts';
import { createPageResources } from './page-resources.ts';
import { watchVisibility } from './visibility-watch.ts';
import { holdWakeLock } from './wake-lock.ts';

/** How long the comparison with wasm may take, in ms: a few frames of the heaviest model take seconds. */
const PARITY_LIMIT_MS = 120_000;

/** What of a recipe the caller chooses besides target and source. */
export type RunConditions = Omit<RunRecipe, 'target' | 'source'> & {
  /** Of the frames that a plan was made for; null takes the source as it is. */
  readonly expectedDigest: string | null;
};

/** What to run. The source stays the caller's: it can be run again, and is the caller's to close. */
export type HostedRun = {
  /** A UUID of the caller's, under which it may already be making events. */
  readonly runId: string;
  readonly source: FrameSource;
  readonly target: Target;
  readonly conditions: RunConditions;
  readonly observer: RunObserver;
  /** Ends the run and its workers. */
  readonly signal: AbortSignal;
  /** Told while weights are fetched that this browser does not have yet. */
  readonly onDownload?: (progress: ObtainProgress) => void;
  /** Who really is in the frames; null where nobody knows. */
  readonly truth: readonly AnnotatedFrame[] | null;
  /** Least length of a window in ms; the usual one if left out. */
  readonly windowMs?: number;
  /** Measures resources; the page itself if left out. */
  readonly meter?: ResourceMeter;
};

/**
 * Measures a target on a source. Rejects with a WeightsError when the weights cannot be had, an
 * EngineError when the model does not load, or the signal's reason when aborted before the first frame.
 */
export async function hostRun(hosted: HostedRun): Promise<RunResult> {
  const { runId, source, target, observer, signal, truth } = hosted;
  const { expectedDigest, ...conditions } = hosted.conditions;
  const options = effectiveOptions(target.engine, conditions.options);
  const { kind, name, framesDigest } = source.info;
  const plan: RunPlan = Object.freeze({
    ...conditions,
    runId,
    target: target.id,
    engine: target.engine,
    model: target.model.id,
    backend: target.backend,
    options,
    source: { kind, name, framesDigest },
    expectedDigest,
    windowMs: hosted.windowMs ?? WINDOW_MS,
    maxWindowFrames: MAX_WINDOW_FRAMES,
  });
  // Before the clock of any run starts: a download in the middle of it would be measured.
  const files = await obtain(target, hosted);
  const checkParity = await prepareParityCheck(hosted, options);
  const visibility = watchVisibility();
  const wakeLock = await holdWakeLock();
  const host = await captureHostEnvironment({
    appVersion: __APP_VERSION__,
    adapter: await adapterOf(target.backend),
    wakeLockHeld: wakeLock.isHeld(),
  });
  try {
    return await runBenchmark({
      plan,
      request: loadRequestOf(target, files, options),
      source,
      // One of several streams may wait for long until all are loaded.
      createEngine: (runSignal) =>
        createEngineClient(target.engine, { signal: runSignal, idleLimitMs: null }),
      stallLimitMs: STALL_LIMIT_MS,
      host,
      meter: hosted.meter ?? createPageResources(),
      observer,
      signal,
      timer: pageTimer,
      now: () => new Date(),
      wasHidden: visibility.wasHidden,
      ...(truth ? { scoreAccuracy: (samples) => accuracyOfRun(samples, truth) } : {}),
      ...(checkParity ? { checkParity } : {}),
    });
  } finally {
    visibility.stop();
    await wakeLock.release();
  }
}

function obtain(
  { files }: Target,
  { signal, onDownload }: HostedRun,
): Promise<readonly PinnedFile[]> {
  return obtainFiles(files, { signal, ...(onDownload ? { onProgress: onDownload } : {}) });
}

/** Null on wasm itself, where the model has no wasm, and for a camera, whose frames never come twice. */
async function prepareParityCheck(
  hosted: HostedRun,
  options: EngineOptions,
): Promise<ParityCheck | null> {
  const { target, source, signal } = hosted;
  if (target.backend === 'wasm' || source.info.kind === 'camera') return null;
  const reference = referenceOf(target);
  if (!reference) return null;
  const files = await obtain(reference, hosted);
  return createParityCheck(async () => {
    // One that hangs must not hold back a result that is there.
    const limit = AbortSignal.timeout(PARITY_LIMIT_MS);
    const engine = createEngineClient(reference.engine, {
      signal: AbortSignal.any([signal, limit]),
    });
    try {
      await engine.load(loadRequestOf(reference, files, options));
      return engine;
    } catch (cause) {
      await engine.dispose().catch(() => undefined);
      throw cause;
    }
  });
}

/** The files that a run of the target loads: its own, and those of what it is compared with. */
export function filesOfRun(target: Target): readonly ModelFile[] {
  const reference = target.backend === 'wasm' ? null : referenceOf(target);
  return reference ? [...target.files, ...reference.files] : target.files;
}

/** The same model and engine on wasm, where there is that. */
export function referenceOf({ model, engine }: Target): Target | null {
  const isReference = (other: Target): boolean =>
    other.engine === engine && other.backend === 'wasm';
  return targetsOf(model).find(isReference) ?? null;
}

/** What a GPU's backend will run on. One that is missing is for the engine to refuse. */
async function adapterOf(backend: BackendId): Promise<GraphicsAdapter | null> {
  if (backend === 'wasm') return null;
  const status = await probeBackend(backend);
  return status.available ? { name: status.adapter, software: status.software } : null;
}

/** What an engine is asked to load for a target. */
export function loadRequestOf(
  { model, pipeline, backend }: Target,
  files: readonly PinnedFile[],
  options: EngineOptions,
): EngineLoadRequest {
  return { modelId: model.id, files, pipeline, skeleton: model.skeleton, backend, options };
}
