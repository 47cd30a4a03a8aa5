// The page's side of an engine: the one file that creates workers. A client is a PoseEngine whose calls
// run in a worker of its own; aborting ends the worker, and one that idles is freed.
import * as Comlink from 'comlink';
import type { EngineId } from '../models/model-spec.ts';
import { createEnding } from './ending.ts';
import type { ExposedEngine } from './expose-engine.ts';
import { watchLifeLock } from './life-lock.ts';
import { EngineError, EngineLostError } from './pose-engine.ts';
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
 * A PoseEngine in a worker that starts now. `dispose` ends the worker. Calls reject with an EngineLostError
 * when the worker dies, with an EngineError when it was freed after idling, and with the signal's reason
 * when it was aborted.
 */
export function createEngineClient(
  engine: EngineId,
  { signal, idleLimitMs = IDLE_LIMIT_MS }: EngineClientOptions = {},
): PoseEngine {
  const worker = workerOf[engine]();
  const remote = Comlink.wrap<ExposedEngine>(worker);
  const ending = createEnding();
  const watch = new AbortController();

  let isWatched = false;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let openCalls = 0;
  /** What the worker's clock lags behind this thread's; known once something was loaded. */
  let clockOffsetMs = 0;

  function end(reason: unknown): void {
    watch.abort();
    clearTimeout(idleTimer);
    signal?.removeEventListener('abort', onAbort);
    worker.terminate();
    lastEndMs = performance.now();
    ending.end(reason);
  }
  function onDeath(cause: string): void {
    end(
      new EngineLostError(
        `The ${engine} engine's worker failed: ${cause}. Reload the page and run again.`,
      ),
    );
  }
  function onAbort(): void {
    end(signal?.reason);
  }
  function onIdle(): void {
    end(new EngineError(`The ${engine} engine was freed after idling. Load the model again.`));
  }
  /** Comlink never settles the calls of a worker that is gone, so each one races its end. */
  async function call<T>(send: () => Promise<T>): Promise<T> {
    clearTimeout(idleTimer);
    openCalls += 1;
    try {
      return await ending.orEnded(send);
    } finally {
      openCalls -= 1;
      const isIdle = openCalls === 0 && !ending.hasEnded;
      if (isIdle && idleLimitMs !== null) idleTimer = setTimeout(onIdle, idleLimitMs);
    }
  }

  /** Of a worker that just ends there is no event. */
  async function watchLife(): Promise<void> {
    if (isWatched) return;
    isWatched = true;
    const lock = await remote.holdLifeLock();
    const onEnd = (): void => onDeath('it ended, perhaps for lack of memory');
    if (lock !== null) watchLifeLock(lock, watch.signal, onEnd);
  }

  worker.addEventListener('error', ({ message }) => {
    onDeath(message || 'its script did not load');
  });
  worker.addEventListener('messageerror', () => onDeath('its answer could not be read'));
  if (signal?.aborted) end(signal.reason);
  else signal?.addEventListener('abort', onAbort);

  return {
    load: (request) =>
      call(async () => {
        clockOffsetMs = (await remote.timeOriginMs) - performance.timeOrigin;
        await watchLife();
        return remote.load(request);
      }),
    estimate(frame, timestampMs) {
      if (ending.hasEnded) frame.close();
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
      if (ending.hasEnded) return;
      try {
        await call(() => remote.dispose());
      } finally {
        end(new EngineError(`The ${engine} engine was disposed of. Create a new one.`));
      }
    },
  };
}
