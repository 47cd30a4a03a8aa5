// How much is sent at a time and how long to wait after a failure. Knows neither events nor servers.
import { MAX_BATCH_BYTES } from './parse-batch.ts';

/** Batches in flight when all goes well. */
export const MAX_BATCHES_IN_FLIGHT = 5;
/**
 * A batch is not made smaller than this after failures, in bytes of JSON: about 8 KB packed, which even
 * 2 KB/s carry well within the time that a server gives a request.
 */
export const MIN_BATCH_BYTES = 25_000;
/** The first and the longest wait before another try, in ms: doubled each time. */
export type BackOff = { readonly firstMs: number; readonly longestMs: number };

/** Slows down with failures and recovers with successes. */
export type Pace = {
  /** Batches that may be in flight now. */
  readonly maxBatches: number;
  /** Of one batch, as JSON, not packed. */
  readonly maxBytes: number;
  succeed(): void;
  /** Notes a failure; how long to wait before the next try, in ms. The longest is due when it is `isLasting`. */
  fail(isLasting: boolean): number;
  /** Forgets the failures: the next wait is a first one again. What is sent at a time stays small. */
  forget(): void;
};

/**
 * A pace that begins in full. Waits have full jitter (Brooker, "Exponential Backoff And Jitter", AWS
 * 2015): uniform between nothing and what is due, from `random` in [0, 1), so that devices that failed
 * together do not come back together. After a failure one small batch goes first: five large ones would
 * share a slow line until each took too long.
 */
export function createPace({ firstMs, longestMs }: BackOff, random: () => number): Pace {
  let failures = 0;
  let maxBatches = MAX_BATCHES_IN_FLIGHT;
  let maxBytes = MAX_BATCH_BYTES;
  return {
    get maxBatches() {
      return maxBatches;
    },
    get maxBytes() {
      return maxBytes;
    },
    succeed() {
      failures = 0;
      maxBatches = Math.min(MAX_BATCHES_IN_FLIGHT, maxBatches + 1);
      maxBytes = Math.min(MAX_BATCH_BYTES, maxBytes * 2);
    },
    fail(isLasting) {
      const dueMs = isLasting ? longestMs : Math.min(longestMs, firstMs * 2 ** failures);
      failures += 1;
      maxBatches = 1;
      maxBytes = Math.max(MIN_BATCH_BYTES, maxBytes / 2);
      return dueMs * random();
    },
    forget() {
      failures = 0;
    },
  };
}
