// The page's side of an engine: the one file that creates workers. A client is a PoseEngine whose calls
// run in a worker of its own; aborting ends the worker, and one that idles is freed.
import * as Comlink from 'comlink';
import type { EngineId } from '../models/model-spec.ts';
import type { ExposedEngine } from './expose-engine.ts';
import { EngineError } from './pose-engine.ts';
import type { PoseEngine } from './pose-engine.ts';

/** How long a worker without calls keeps its memory, in ms. */
const IDLE_LIMIT_MS = 30_000;

/** The engines' workers. Vite finds and bundles a worker only where its URL is written out like this. */
const workerOf: Readonly<Record<EngineId, () => Worker>> = {
  mediapipe: () =>
    new Worker(new URL('./mediapipe/mediapipe.worker.ts', import.meta.url), {
      type: 'module',
      name: 'kinemark-mediapipe',
    }),
  litert: () =>
    new Worker(new URL('./litert/litert.worker.ts', import.meta.url), {
      type: 'module',
      name: 'kinemark-litert',
    }),
  ort: () =>
    new Worker(new URL('./ort/ort.worker.ts', import.meta.url), {
      type: 'module',
      name: 'kinemark-ort',
    }),
  tfjs: () =>
    new Worker(new URL('./tfjs/tfjs.worker.ts', import.meta.url), {
      type: 'module',
      name: 'kinemark-tfjs',
    }),
};

let lastEndMs = -Infinity;

/** When a worker was ended last, on this page's clock; its memory is gone only some seconds later. */
export function lastEngineEndMs(): number {
  return lastEndMs;
}

/** What a client may be told. `idleLimitMs` null keeps the worker until it is disposed of. */
export type EngineClientOptions = {
  /** Ends the worker at once, whatever it does; open calls reject with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly idleLimitMs?: number | null;
};

/**
 * A PoseEngine in a worker that starts now. `dispose` ends the worker. Calls reject with an EngineError
 * when the worker fails or was freed after idling, and with the signal's reason when it was aborted.
 */
export function createEngineClient(
  engine: EngineId,
  { signal, idleLimitMs = IDLE_LIMIT_MS }: EngineClientOptions = {},
): PoseEngine {
  const worker = workerOf[engine]();
  const remote = Comlink.wrap<ExposedEngine>(worker);
  const ended = Promise.withResolvers<never>();
  // Someone may await it only later, or never; that is not an unhandled failure.
  ended.promise.catch(() => undefined);

  let hasEnded = false;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let openCalls = 0;
  /** What the worker's clock lags behind this thread's; known once something was loaded. */
  let clockOffsetMs = 0;

  function end(reason: unknown): void {
    hasEnded = true;
    clearTimeout(idleTimer);
    signal?.removeEventListener('abort', onAbort);
    worker.terminate();
    lastEndMs = performance.now();
    ended.reject(reason);
  }
  function onAbort(): void {
    end(signal?.reason);
  }
  function onIdle(): void {
    end(new EngineError(`The ${engine} engine was freed after idling. Load the model again.`));
  }
  /** Comlink never settles the calls of a worker that is gone, so each one races its end. */
  async function call<T>(send: () => Promise<T>): Promise<T> {
    if (hasEnded) return ended.promise;
    clearTimeout(idleTimer);
    openCalls += 1;
    try {
      return await Promise.race([send(), ended.promise]);
    } finally {
      openCalls -= 1;
      const isIdle = openCalls === 0 && !hasEnded;
      if (isIdle && idleLimitMs !== null) idleTimer = setTimeout(onIdle, idleLimitMs);
    }
  }

  worker.addEventListener('error', (event) => {
    const cause = event.message || 'its script did not load';
    end(
      new EngineError(
        `The ${engine} engine's worker failed: ${cause}. Reload the page and run again.`,
      ),
    );
  });
  if (signal?.aborted) end(signal.reason);
  else signal?.addEventListener('abort', onAbort);

  return {
    load: (request) =>
      call(async () => {
        clockOffsetMs = (await remote.timeOriginMs) - performance.timeOrigin;
        return remote.load(request);
      }),
    estimate(frame, timestampMs) {
      if (hasEnded) {
        frame.close();
        return ended.promise;
      }
      // A frame that was sent belongs to the worker and goes with it.
      return call(async () => {
        const estimate = await remote.estimate(Comlink.transfer(frame, [frame]), timestampMs);
        return { ...estimate, startedMs: estimate.startedMs + clockOffsetMs };
      });
    },
    reset: () => call(() => remote.reset()),
    wasmHeaps: () => call(() => remote.wasmHeaps()),
    hastenCollection: () => call(() => remote.hastenCollection()),
    async dispose() {
      if (hasEnded) return;
      try {
        await call(() => remote.dispose());
      } finally {
        end(new EngineError(`The ${engine} engine was disposed of. Create a new one.`));
      }
    },
  };
}
