// Hosts one run on a page: opens the source, starts the engine, watches the tab, hands over the clocks.
// The app and the headless page share it, so that a sweep measures what a user would.
import { captureHostEnvironment } from '../benchmark/environment.ts';
import type { GraphicsAdapter } from '../benchmark/environment.ts';
import { runBenchmark } from '../benchmark/run-benchmark.ts';
import type { RunObserver } from '../benchmark/run-benchmark.ts';
import { WINDOW_MS } from '../benchmark/run-plan.ts';
import type { RunPlan } from '../benchmark/run-plan.ts';
import type { CocoAccuracy, FrameSample, RunResult } from '../benchmark/run-result.ts';
import { probeBackend } from '../engines/backend-support.ts';
import { effectiveOptions } from '../engines/effective-options.ts';
import { createEngineClient } from '../engines/engine-client.ts';
import type { EngineLoadRequest, EngineOptions } from '../engines/pose-engine.ts';
import { MAX_WINDOW_FRAMES } from '../events/metric-event.ts';
import type { BackendId, PinnedFile } from '../models/model-spec.ts';
import type { Target } from '../models/target.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { obtainFiles } from '../weights/obtain-files.ts';
import type { ObtainProgress } from '../weights/obtain-files.ts';
import { watchVisibility } from './visibility-watch.ts';

/** What to run. The source stays the caller's: it can be run again, and is the caller's to close. */
export type HostedRun = {
  /** A UUID of the caller's, under which it may already be making events. */
  readonly runId: string;
  readonly source: FrameSource;
  readonly target: Target;
  readonly options: EngineOptions;
  readonly maxFrames: number | null;
  readonly observer: RunObserver;
  /** Ends the run and its worker. */
  readonly signal: AbortSignal;
  /** Told while weights are fetched that this browser does not have yet. */
  readonly onDownload?: (progress: ObtainProgress) => void;
  /** Compares the poses with ground truth, where there is one. */
  readonly scoreAccuracy?: (samples: readonly FrameSample[]) => CocoAccuracy | null;
};

/**
 * Measures a target on a source. Rejects with a WeightsError when the weights cannot be had, an
 * EngineError when the model does not load, or the signal's reason when aborted before the first frame.
 */
export async function hostRun(hosted: HostedRun): Promise<RunResult> {
  const { runId, source, target, maxFrames, observer, signal, onDownload } = hosted;
  const options = effectiveOptions(target.engine, hosted.options);
  const plan: RunPlan = Object.freeze({
    runId,
    target: target.id,
    engine: target.engine,
    model: target.model.id,
    backend: target.backend,
    options,
    scenario: 'single-stream',
    maxFrames,
    windowMs: WINDOW_MS,
    maxWindowFrames: MAX_WINDOW_FRAMES,
  });
  // Before the clock of any run starts: a download in the middle of it would be measured.
  const files = await obtainFiles(target.files, {
    signal,
    ...(onDownload ? { onProgress: onDownload } : {}),
  });
  const adapter = await adapterOf(target.backend);
  const visibility = watchVisibility();
  try {
    return await runBenchmark({
      plan,
      request: loadRequestOf(target, files, options),
      source,
      engine: createEngineClient(target.engine, { signal }),
      host: captureHostEnvironment(__APP_VERSION__, adapter),
      observer,
      signal,
      clock: () => performance.now(),
      now: () => new Date(),
      wasHidden: visibility.wasHidden,
      ...(hosted.scoreAccuracy ? { scoreAccuracy: hosted.scoreAccuracy } : {}),
    });
  } finally {
    visibility.stop();
  }
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
