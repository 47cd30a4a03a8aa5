// Freeing things of which one may fail.

/** Does every step, even when one throws; then throws what the first of them threw. */
export function disposeAll(steps: readonly (() => void)[]): void {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      step();
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Frees what a failure left behind. If that fails too, the failure still says more: nothing is thrown. */
export function disposeAfterFailure(dispose: () => void): void {
  try {
    dispose();
  } catch (cause) {
    console.warn('What had been loaded could not be freed.', cause);
  }
}
