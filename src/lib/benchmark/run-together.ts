// Several loops of one scenario side by side: they succeed together and end together.

/** One loop. Ends soon after its signal is aborted. */
export type Task = () => Promise<void>;

/**
 * Runs tasks side by side and resolves when all have ended. When one fails, the signal that `start` got is
 * aborted for all, and this rejects with the first failure once every task has ended: nothing goes on
 * behind the caller's back.
 */
export async function runTogether(
  signal: AbortSignal,
  start: (signal: AbortSignal) => readonly Task[],
): Promise<void> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', forward);
  try {
    const failures: unknown[] = [];
    const tasks = start(stop.signal).map(async (task) => {
      try {
        await task();
      } catch (cause) {
        failures.push(cause);
        stop.abort(cause);
      }
    });
    await Promise.all(tasks);
    if (failures.length > 0) throw failures[0];
  } finally {
    signal.removeEventListener('abort', forward);
  }
}
