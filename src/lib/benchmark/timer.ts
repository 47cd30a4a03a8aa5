// The page's clock, and how one waits for it to within a fraction of a millisecond without keeping a core
// busy that an engine needs.
import type { Timer } from './scenario.ts';

/** `performance.now()`, and the most exact way of waiting for it that this page has. */
export const pageTimer: Timer = {
  clock: () => performance.now(),
  async waitUntil(timeMs, signal) {
    signal.throwIfAborted();
    // Timeouts are whole milliseconds and may come early, so one may not be enough.
    for (let leftMs = timeMs - performance.now(); leftMs > 0; leftMs = timeMs - performance.now()) {
      await (canWaitAsync ? waitAsync(leftMs, signal) : timeout(leftMs, signal));
      signal.throwIfAborted();
    }
  },
};

/** Shared memory, which it waits on, needs a cross-origin isolated page. */
const canWaitAsync = globalThis.crossOriginIsolated && typeof Atomics.waitAsync === 'function';

/**
 * Waits for a notification that comes only when aborted, so until its time is up. Woke 0.1 to 0.4 ms late in
 * Chromium 156 where `setTimeout` woke up to 4 ms late: browsers clamp nested timeouts to 4 ms (HTML, "timer
 * initialization steps").
 */
async function waitAsync(ms: number, signal: AbortSignal): Promise<void> {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const wake = (): unknown => Atomics.notify(cell, 0);
  signal.addEventListener('abort', wake);
  try {
    await Atomics.waitAsync(cell, 0, 0, ms).value;
  } finally {
    signal.removeEventListener('abort', wake);
  }
}

async function timeout(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  const wake = (): void => resolve(null);
  signal.addEventListener('abort', wake);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
  }
}
