// The engines of one run: made, loaded, watched and freed together. A run has one, but for multi-stream.
import { EngineError } from '../engines/pose-engine.ts';
import type { EngineLoadReport, EngineLoadRequest, PoseEngine } from '../engines/pose-engine.ts';

/** Longer than any frame may take, in ms: the heaviest network on a GPU that is a CPU takes most of it. */
export const STALL_LIMIT_MS = 60_000;

/** How a pool's engines are made. */
export type EnginePoolOptions = {
  readonly request: EngineLoadRequest;
  /** Makes an engine that ends at once, whatever it does, when the signal aborts. */
  readonly createEngine: (signal: AbortSignal) => PoseEngine;
  /** Ends all engines. */
  readonly signal: AbortSignal;
  /** An engine that takes longer for a frame counts as hung. In ms. */
  readonly stallLimitMs: number;
};

/** Engines with the same model. */
export type EnginePool = {
  /** Those that were made and not disposed of, in that order. */
  readonly engines: readonly PoseEngine[];
  /** Loads one more. Rejects as `PoseEngine.load` does. */
  add(): Promise<{ readonly engine: PoseEngine; readonly loaded: EngineLoadReport }>;
  /** Frees all of them; never rejects, and does not wait for one that hangs. */
  dispose(): Promise<void>;
};

/** A pool without engines. */
export function createEnginePool(options: EnginePoolOptions): EnginePool {
  const { request, createEngine, signal, stallLimitMs } = options;
  const end = new AbortController();
  const engines: PoseEngine[] = [];

  let openCalls = 0;

  /** Rejects, and ends all engines, when the call takes longer than it and those ahead of it may. */
  async function orStalled<T>(call: Promise<T>): Promise<T> {
    openCalls += 1;
    const stalled = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new EngineError(
        `The engine did not answer for ${stallLimitMs / 1000} s, so it counts as hung. Reload the page and run again, or choose another target.`,
      );
      stalled.reject(error);
      end.abort(error);
    }, stallLimitMs * openCalls);
    try {
      return await Promise.race([call, stalled.promise]);
    } finally {
      openCalls -= 1;
      clearTimeout(timer);
    }
  }

  return {
    engines,
    async add() {
      const engine = createEngine(AbortSignal.any([signal, end.signal]));
      engines.push(engine);
      const loaded = await engine.load(request);
      return {
        engine: {
          ...engine,
          estimate: (frame, timestampMs) => orStalled(engine.estimate(frame, timestampMs)),
          async dispose() {
            engines.splice(engines.indexOf(engine), 1);
            await orStalled(engine.dispose());
          },
        },
        loaded,
      };
    },
    async dispose() {
      const freed = engines.map((engine) => orStalled(engine.dispose()));
      await Promise.allSettled(freed);
    },
  };
}
