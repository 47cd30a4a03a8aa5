// One engine of a run, which is replaced when it is lost: the same model in a new worker. An engine that
// merely fails is not: it would fail again.
import { EngineError, isEngineLost } from '../engines/pose-engine.ts';
import type { EngineLoadReport, EngineLoadRequest, PoseEngine } from '../engines/pose-engine.ts';
import { FrameLostError } from './frame-lost-error.ts';
import type { StallWatch } from './stall-watch.ts';

/** Loading may take as long as so many frames: it compiles a runtime of up to 27 MB. */
const FRAMES_PER_LOAD = 5;

/** Between a new engine that could not load and the next, in ms: a GPU's driver needs some time to come back. */
const RESTART_PAUSE_MS = 1000;

/** How engines are made, and when they are given up. */
export type RestartingEngineOptions = {
  readonly request: EngineLoadRequest;
  /** Makes an engine that ends at once, whatever it does, when the signal aborts. */
  readonly createEngine: (signal: AbortSignal) => PoseEngine;
  /** Ends the engine for good. */
  readonly signal: AbortSignal;
  readonly stallWatch: StallWatch;
  /** Called before each restart with its cause; throws when there is to be none. */
  readonly onRestart: (cause: unknown) => void;
};

/** An engine and the means to end it. */
type Started = { readonly engine: PoseEngine; readonly end: AbortController };

/**
 * Starts an engine with the model loaded; rejects as `PoseEngine.load` does. When it is lost, its calls wait
 * until another has loaded the model, and `estimate` then rejects with a FrameLostError: the next frame may
 * be sent. Calls reject with what `onRestart` throws when that throws.
 */
export async function startEngine(
  options: RestartingEngineOptions,
): Promise<{ readonly engine: PoseEngine; readonly loaded: EngineLoadReport }> {
  const { request, createEngine, signal, stallWatch, onRestart } = options;
  let current = start();
  let ready: Promise<unknown> = Promise.resolve();

  function start(): Started {
    const end = new AbortController();
    return { engine: createEngine(AbortSignal.any([signal, end.signal])), end };
  }
  /** The runtime and the weights come over the network, and nobody knows how slow that is. */
  function loadFirst({ engine }: Started): Promise<EngineLoadReport> {
    const ask = (): Promise<unknown> => engine.wasmHeaps();
    return stallWatch.whileAnswering(engine.load(request), ask, FRAMES_PER_LOAD);
  }
  /** They were fetched before, so the browser has them; and a run waits. */
  function loadAgain({ engine }: Started): Promise<EngineLoadReport> {
    return stallWatch.inTime(engine.load(request), FRAMES_PER_LOAD);
  }
  /** What is lost or hangs is ended, and cannot be freed otherwise. */
  async function free({ engine, end }: Started): Promise<void> {
    try {
      await stallWatch.inTime(engine.dispose());
    } catch (cause) {
      if (!isEngineLost(cause)) throw cause;
      end.abort(cause);
    }
  }

  /** Until the first `await` nobody else can find the lost engine. */
  async function replace(lost: unknown): Promise<void> {
    let cause = lost;
    for (let isFirst = true; ; isFirst = false) {
      current.end.abort(cause);
      onRestart(cause);
      if (!isFirst) await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
      current = start();
      try {
        requireSame(await loadAgain(current), loaded);
        return;
      } catch (failure) {
        // It did load before, so whatever keeps it from doing so may pass.
        if (signal.aborted) throw failure;
        cause = failure;
      }
    }
  }
  async function call<T>(work: (engine: PoseEngine) => Promise<T>): Promise<T> {
    const mine = current;
    try {
      return await stallWatch.inTime(work(mine.engine));
    } catch (cause) {
      if (!isEngineLost(cause) || signal.aborted) throw cause;
      // Of several calls that were lost together the first one restarts it.
      if (mine === current) ready = replace(cause);
      await ready;
      throw new FrameLostError(cause.message);
    }
  }

  let loaded: EngineLoadReport;
  try {
    loaded = await loadFirst(current);
  } catch (cause) {
    // One that hangs would not answer this either.
    if (isEngineLost(cause)) current.end.abort(cause);
    else await free(current).catch(() => undefined);
    throw cause;
  }
  const engine: PoseEngine = {
    load: (asked) => current.engine.load(asked),
    async estimate(frame, timestampMs) {
      try {
        await ready;
      } catch (cause) {
        frame.close();
        throw cause;
      }
      return call((live) => live.estimate(frame, timestampMs));
    },
    async reset() {
      await ready;
      try {
        await call((live) => live.reset());
      } catch (cause) {
        // A new engine has nobody to forget.
        if (!(cause instanceof FrameLostError)) throw cause;
      }
    },
    wasmHeaps: () => current.engine.wasmHeaps(),
    hastenCollection: () => current.engine.hastenCollection(),
    dispose: () => free(current),
  };
  return { engine, loaded };
}

/** A run is of one backend from its first frame to its last. */
function requireSame(again: EngineLoadReport, before: EngineLoadReport): void {
  if (again.backendUsed === before.backendUsed) return;
  throw new EngineError(
    `The engine ran on ${before.backendUsed}, but started anew it runs on ${again.backendUsed}. Run again.`,
  );
}
