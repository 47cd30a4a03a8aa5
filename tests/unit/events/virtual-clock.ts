// Timers on a clock of their own, which passes as fast as it can: a simulation of minutes takes milliseconds.

type Timer = { readonly atMs: number; readonly callback: () => void };

/** What needs no time. */
function everythingElse(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** What `vi.stubGlobal` may put in the place of setTimeout and clearTimeout. */
export function createVirtualClock() {
  let nowMs = 0;
  let nextId = 1;
  const timers = new Map<number, Timer>();

  /** Of timers that are due at the same time the one that was set first. */
  function next(untilMs: number): readonly [number, Timer] | null {
    let found: readonly [number, Timer] | null = null;
    for (const entry of timers) {
      if (entry[1].atMs <= untilMs && (!found || entry[1].atMs < found[1].atMs)) found = entry;
    }
    return found;
  }

  return {
    now: () => nowMs,
    get pending() {
      return timers.size;
    },
    setTimeout: (callback: () => void, ms = 0): number => {
      timers.set(nextId, { atMs: nowMs + Math.max(0, ms), callback });
      return nextId++;
    },
    clearTimeout: (id: number | undefined): void => {
      if (id !== undefined) timers.delete(id);
    },
    /** Lets `durationMs` pass, and between two timers everything that needs no time. */
    async pass(durationMs: number): Promise<void> {
      const untilMs = nowMs + durationMs;
      await everythingElse();
      for (let due = next(untilMs); due; due = next(untilMs)) {
        const [id, { atMs, callback }] = due;
        timers.delete(id);
        nowMs = atMs;
        callback();
        await everythingElse();
      }
      nowMs = untilMs;
    },
  };
}
