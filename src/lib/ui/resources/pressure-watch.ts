// How busy the processor is, with all that runs on the device, as the browser tells it (Compute Pressure).
import { isBusy, pressureStates } from '../../benchmark/resources.ts';
import type { PressureState } from '../../benchmark/resources.ts';
import { withinMs } from '../../benchmark/within-ms.ts';

/** What TypeScript's DOM does not know yet; https://www.w3.org/TR/compute-pressure/. */
type PressureRecord = { readonly state: PressureState };
type PressureObserver = {
  observe(source: 'cpu', options: { readonly sampleInterval: number }): Promise<void>;
  disconnect(): void;
};
type PressureScope = typeof globalThis & {
  readonly PressureObserver?: new (
    callback: (records: readonly PressureRecord[]) => void,
  ) => PressureObserver;
};

/**
 * Asked for between two records, in ms. Chromium samples once a second; the same here would skip every
 * record that comes a little early, and less brings no more.
 */
const SAMPLE_INTERVAL_MS = 500;

/** How old a record may be that tells of now, in ms: the last one or the one before. */
const RECENT_MS = 2000;

/** A watch that runs until it is stopped. Chromium tells only the page that has the focus. */
export type PressureWatch = {
  /**
   * The first record of now that shows a calm processor, or the last one when none does within that many ms;
   * null when none comes at all.
   */
  readonly calmed: (limitMs: number) => Promise<PressureState | null>;
  /** Gives a function that tells the worst record from now on, or null while there is none. */
  readonly worstFromNow: () => () => PressureState | null;
  readonly stop: () => void;
};

let pageWatch: PressureWatch | null | undefined;

/**
 * The one watch of this page, which begins with the first call and never ends: a new one would hold up
 * each run until its first record comes.
 */
export function pagePressure(): PressureWatch | null {
  pageWatch ??= watchPressure();
  return pageWatch;
}

/** Starts watching now; null where the browser has no Compute Pressure. The first record takes 1 to 3 s. */
export function watchPressure(): PressureWatch | null {
  const { PressureObserver } = globalThis as PressureScope;
  if (!PressureObserver) return null;
  // Counted and not kept: the watch goes on for as long as the page is open.
  const counts = new Map<PressureState, number>();
  let last: PressureState | null = null;
  let lastMs = -Infinity;
  let next = Promise.withResolvers<PressureState>();
  const observer = new PressureObserver((records) => {
    lastMs = performance.now();
    for (const { state } of records) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
      last = state;
      next.resolve(state);
      next = Promise.withResolvers();
    }
  });
  // A device without a sensor, or a frame that may not: then no record comes.
  observer.observe('cpu', { sampleInterval: SAMPLE_INTERVAL_MS }).catch(() => undefined);

  /** A record of the last two seconds, or the next one. */
  async function recent(limitMs: number): Promise<PressureState | null> {
    if (last && performance.now() - lastMs <= RECENT_MS) return last;
    return withinMs(limitMs, next.promise);
  }

  return {
    async calmed(limitMs) {
      const endMs = performance.now() + limitMs;
      let state = await recent(limitMs);
      while (state !== null && isBusy(state) && performance.now() < endMs) {
        state = (await withinMs(endMs - performance.now(), next.promise)) ?? state;
      }
      return state;
    },
    worstFromNow() {
      const before = new Map(counts);
      const hasCome = (state: PressureState): boolean => counts.get(state) !== before.get(state);
      return () => pressureStates.findLast(hasCome) ?? null;
    },
    stop: () => observer.disconnect(),
  };
}
