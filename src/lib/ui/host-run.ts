// Hosts one run on a page: opens the source, starts the engine, watches the tab, hands over the clocks.
// The app and the headless page share it, so that a sweep measures what a user would.
import { captureHostEnvironment } from '../benchmark/environment.ts';
import { runBenchmark } from '../benchmark/run-benchmark.ts';
import type { RunObserver } from '../benchmark/run-benchmark.ts';
import { WINDOW_MS } from '../benchmark/run-plan.ts';
import type { RunPlan } from '../benchmark/run-plan.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import { createEngineClient } from '../engines/engine-client.ts';
import type { EngineLoadRequest } from '../engines/pose-engine.ts';
import { MAX_WINDOW_FRAMES } from '../events/metric-event.ts';
import { findTarget } from '../models/catalogue.ts';
import type { Target } from '../models/catalogue.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { watchVisibility } from './visibility-watch.ts';

/** What to run. The source stays the caller's: it can be run again, and is the caller's to close. */
export type HostedRun = {
  /** A UUID of the caller's, under which it may already be making events. */
  readonly runId: string;
  readonly source: FrameSource;
  readonly targetId: string;
  readonly maxFrames: number | null;
  readonly observer: RunObserver;
  /** Ends the run and its worker. */
  readonly signal: AbortSignal;
};

/**
 * Measures a target on a source. Rejects with an UnknownTargetError, an EngineError when the model
 * does not load, or the signal's reason when aborted before the first frame.
 */
export async function hostRun(hosted: HostedRun): Promise<RunResult> {
  const { runId, source, targetId, maxFrames, observer, signal } = hosted;
  const target = findTarget(targetId);
  const plan: RunPlan = Object.freeze({
    runId,
    target: target.id,
    engine: target.engine,
    model: target.model.id,
    backend: target.backend,
    scenario: 'single-stream',
    maxFrames,
    windowMs: WINDOW_MS,
    maxWindowFrames: MAX_WINDOW_FRAMES,
  });
  const visibility = watchVisibility();
  try {
    return await runBenchmark({
      plan,
      request: loadRequestOf(target),
      source,
      engine: createEngineClient(target.engine, { signal }),
      host: captureHostEnvironment(__APP_VERSION__),
      observer,
      signal,
      clock: () => performance.now(),
      now: () => new Date(),
      wasHidden: visibility.wasHidden,
    });
  } finally {
    visibility.stop();
  }
}

/** What an engine is asked to load for a target. */
export function loadRequestOf({ model, file, backend }: Target): EngineLoadRequest {
  return { modelId: model.id, file, skeleton: model.skeleton, backend };
}
