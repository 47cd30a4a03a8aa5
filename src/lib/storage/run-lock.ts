// Who carries on which run: a Web Lock per run, which the browser lets go of when a tab dies, however it dies.

/** Held shared while code must not be swapped; who swaps it must have it alone. */
export const CODE_LOCK = 'kinemark-code';

const RUN_LOCK_PREFIX = 'kinemark-run/';

/**
 * Holds the lock of a run, and with it `CODE_LOCK`, until the returned function is called or the page is gone.
 * Waits while code is being swapped or somebody waits to swap it: until `signal` is aborted, and then rejects with
 * its reason. Rejects where the browser denies locks.
 */
export async function holdRunLock(runId: string, signal?: AbortSignal): Promise<() => void> {
  const releaseCode = await hold(CODE_LOCK, 'shared', signal);
  try {
    const releaseRun = await hold(nameOf(runId), 'exclusive', signal);
    return () => {
      releaseRun();
      releaseCode();
    };
  } catch (cause) {
    releaseCode();
    throw cause;
  }
}

/** Whether some tab or worker of this browser, this one included, holds the lock of a run. */
export async function isRunAlive(runId: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === nameOf(runId));
}

function nameOf(runId: string): string {
  return `${RUN_LOCK_PREFIX}${runId}`;
}

function hold(name: string, mode: LockMode, signal?: AbortSignal): Promise<() => void> {
  const granted = Promise.withResolvers<() => void>();
  const released = Promise.withResolvers<null>();
  navigator.locks
    .request(name, { mode, ...(signal ? { signal } : {}) }, () => {
      granted.resolve(() => released.resolve(null));
      return released.promise;
    })
    .catch((cause: unknown) => granted.reject(cause));
  return granted.promise;
}
