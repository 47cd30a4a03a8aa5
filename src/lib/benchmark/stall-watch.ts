// Calls of engines that may take long, but not for ever. A worker that computes cannot answer anything else,
// so that nothing but time tells one that hangs.
import { EngineLostError } from '../engines/pose-engine.ts';

/** Longer than any frame may take, in ms: the heaviest network on a GPU that is a CPU takes most of it. */
export const STALL_LIMIT_MS = 60_000;

/** Often enough to notice one that hangs, seldom enough to take nothing from what it does. In ms. */
const ASK_EVERY_MS = 1000;

/** Watches the calls of a run's engines. */
export type StallWatch = {
  /**
   * What the call gives. Rejects with an EngineLostError when it takes longer than `frames` frames, and those
   * of all open calls, may: engines share the processor. The caller ends the engine.
   */
  inTime<T>(call: Promise<T>, frames?: number): Promise<T>;
  /**
   * What the call gives, however long it takes while `ask` is answered in time (as `inTime`, by which this
   * rejects otherwise): whoever waits for a network can answer, and one that hangs cannot.
   */
  whileAnswering<T>(call: Promise<T>, ask: () => Promise<unknown>, frames?: number): Promise<T>;
};

/** A watch by which an engine that takes longer than the limit for a frame hangs. */
export function createStallWatch(stallLimitMs: number): StallWatch {
  let openCalls = 0;
  async function inTime<T>(call: Promise<T>, frames = 1): Promise<T> {
    openCalls += 1;
    const limitMs = stallLimitMs * openCalls * frames;
    const stalled = Promise.withResolvers<never>();
    const timer = setTimeout(() => stalled.reject(hung(limitMs)), limitMs);
    try {
      return await Promise.race([call, stalled.promise]);
    } finally {
      openCalls -= 1;
      clearTimeout(timer);
    }
  }
  return {
    inTime,
    async whileAnswering(call, ask, frames) {
      const silent = Promise.withResolvers<never>();
      let timer: ReturnType<typeof setTimeout> | undefined;
      let isOver = false;
      const askOn = (): void => {
        inTime(ask(), frames).then(() => {
          if (!isOver) timer = setTimeout(askOn, ASK_EVERY_MS);
        }, silent.reject);
      };
      askOn();
      try {
        return await Promise.race([call, silent.promise]);
      } finally {
        isOver = true;
        clearTimeout(timer);
      }
    },
  };
}

function hung(limitMs: number): EngineLostError {
  return new EngineLostError(
    `The engine did not answer for ${limitMs / 1000} s, so it counts as hung. Reload the page and run again, or choose another target.`,
  );
}
