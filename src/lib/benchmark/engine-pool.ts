// The engines of one run: made, loaded, watched, replaced and freed together. A run has one, but for
// multi-stream.
import { EngineError } from '../engines/pose-engine.ts';
import type { EngineLoadReport, EngineLoadRequest, PoseEngine } from '../engines/pose-engine.ts';
import { startEngine } from './restarting-engine.ts';
import { createStallWatch } from './stall-watch.ts';

/** Engines lost by chance are few; one that is lost more often in a run is lost by what it is asked to do. */
export const MAX_ENGINE_RESTARTS = 3;

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
  /** Those that were added and not disposed of, in that order. */
  readonly engines: readonly PoseEngine[];
  /**
   * Loads one more, which is replaced when it is lost, up to `MAX_ENGINE_RESTARTS` times in all (restarting-engine.ts),
   * but not while `isReplaced` says no. Rejects as `PoseEngine.load` does.
   */
  add(
    isReplaced?: () => boolean,
  ): Promise<{ readonly engine: PoseEngine; readonly loaded: EngineLoadReport }>;
  /** How often one was replaced so far. */
  restarts(): number;
  /** Frees all of them; never rejects, and does not wait for ever for one that hangs. */
  dispose(): Promise<void>;
};

/** A pool without engines. */
export function createEnginePool({ stallLimitMs, ...options }: EnginePoolOptions): EnginePool {
  const stallWatch = createStallWatch(stallLimitMs);
  const engines: PoseEngine[] = [];
  let restarts = 0;

  function onRestart(cause: unknown): void {
    if (restarts === MAX_ENGINE_RESTARTS) {
      const last = cause instanceof Error ? cause.message : String(cause);
      throw new EngineError(
        `The engine was lost again after it had been started anew ${MAX_ENGINE_RESTARTS} times. ${last}`,
      );
    }
    restarts += 1;
  }

  return {
    engines,
    async add(isReplaced = () => true) {
      const { engine, loaded } = await startEngine({
        ...options,
        stallWatch,
        onRestart(cause) {
          if (!isReplaced()) throw cause;
          onRestart(cause);
        },
      });
      const member: PoseEngine = {
        ...engine,
        async dispose() {
          engines.splice(engines.indexOf(member), 1);
          await engine.dispose();
        },
      };
      engines.push(member);
      return { engine: member, loaded };
    },
    restarts: () => restarts,
    async dispose() {
      // A copy, because each one takes itself off the list.
      await Promise.allSettled([...engines].map((engine) => engine.dispose()));
    },
  };
}
