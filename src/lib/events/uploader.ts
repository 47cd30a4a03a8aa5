// Empties the outbox into the server: oldest first, one batch at a time, again after a failure.
import { firstBatch } from './first-batch.ts';
import { MAX_BATCH_EVENTS } from './parse-batch.ts';
import type { MetricEvent } from './metric-event.ts';
import type { Outbox } from './outbox.ts';
import type { SendOutcome } from './send-batch.ts';

/** First and longest wait before another try, in ms: doubled each time, with full jitter. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** What an uploader works with. */
export type UploaderOptions = {
  readonly outbox: Outbox;
  readonly send: (events: readonly MetricEvent[]) => Promise<SendOutcome>;
  /** Uniform in [0, 1), for the jitter. */
  readonly random?: () => number;
};

/** Sends what waits in the outbox. */
export type Uploader = {
  /** Sends until the outbox is empty or a try fails; then tries again later by itself. Never rejects. */
  flush(): Promise<void>;
  /** Gives up waiting for the next try. */
  stop(): void;
};

/** An uploader that works when `flush` is called. Several calls at a time share one pass. */
export function createUploader({ outbox, send, random = Math.random }: UploaderOptions): Uploader {
  let pass: Promise<void> | null = null;
  let flushAgain = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    do {
      flushAgain = false;
      while (await sendOne());
    } while (flushAgain);
  }

  /** True when a batch left the outbox and there may be more. */
  async function sendOne(): Promise<boolean> {
    const batch = firstBatch(await outbox.peek(MAX_BATCH_EVENTS));
    if (batch.length === 0) return false;
    const keys = batch.map(({ key }) => key);
    const outcome = await send(batch.map(({ event }) => event));
    if (outcome.kind === 'retry') {
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * random();
      failures += 1;
      timer = setTimeout(() => void flush(), waitMs);
      return false;
    }
    failures = 0;
    if (outcome.kind === 'accepted') await outbox.remove(keys);
    else await outbox.reject(keys, outcome.reason);
    return true;
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    flushAgain = true;
    pass ??= run()
      // The outbox itself may fail (storage full or gone); the next event tries again.
      .catch((cause: unknown) => console.warn('Events wait: the outbox cannot be read.', cause))
      .finally(() => (pass = null));
    return pass;
  }

  return { flush, stop: () => clearTimeout(timer) };
}
