// Sleeping until something happens: a wait that can be cut short and leaves no timer behind.

/** For one sleeper at a time. */
export type Alarm = {
  /** Resolves after `durationMs` (null: only when rung) or at the next `ring()`, whichever is first. */
  sleep(durationMs: number | null): Promise<void>;
  /** Wakes who sleeps; with nobody asleep it does nothing. */
  ring(): void;
};

/** An alarm with nobody asleep. */
export function createAlarm(): Alarm {
  let wake: (() => void) | null = null;
  return {
    sleep: (durationMs) =>
      new Promise((resolve) => {
        const timer = durationMs === null ? undefined : setTimeout(() => wake?.(), durationMs);
        wake = () => {
          clearTimeout(timer);
          wake = null;
          resolve();
        };
      }),
    ring: () => wake?.(),
  };
}
