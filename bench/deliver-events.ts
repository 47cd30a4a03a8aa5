// Sends the events of a run to a running Kinemark, with the same batches as the app.
import { setTimeout as wait } from 'node:timers/promises';
import { formBatches } from '../src/lib/events/form-batches.ts';
import { MAX_BATCH_BYTES } from '../src/lib/events/parse-batch.ts';
import type { MetricEvent } from '../src/lib/events/metric-event.ts';
import { sendBatch } from '../src/lib/events/send-batch.ts';

/** Waits before each further try, in ms; after the last one the bench gives up. */
const RETRY_WAITS_MS = [500, 1000, 2000, 4000];
/** A server that asks for more is not waited for, in ms. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Delivers all events, in order. Null when they have arrived; else why the server refused them or stays
 * away, which completes "because …".
 */
export async function deliverEvents(
  serverUrl: URL,
  events: readonly MetricEvent[],
): Promise<string | null> {
  let waiting = events.map((event) => ({ event }));
  for (;;) {
    const [batch] = formBatches(waiting, {
      maxBatches: 1,
      maxBytes: MAX_BATCH_BYTES,
      oversize: 'alone',
      heldRuns: new Set(),
    });
    if (!batch) return null;
    const problem = await deliverBatch(
      serverUrl,
      batch.map(({ event }) => event),
    );
    if (problem !== null) return problem;
    waiting = waiting.filter((entry) => !batch.includes(entry));
  }
}

async function deliverBatch(
  serverUrl: URL,
  events: readonly MetricEvent[],
): Promise<string | null> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await sendBatch(new URL('/metrics', serverUrl), events);
    if (outcome.kind === 'accepted') return null;
    const dueMs = RETRY_WAITS_MS[attempt];
    if (outcome.kind !== 'retry' || outcome.isLasting || dueMs === undefined) return outcome.reason;
    const waitMs = Math.max(dueMs, outcome.afterMs ?? 0);
    if (waitMs > LONGEST_WAIT_MS) return outcome.reason;
    await wait(waitMs);
  }
}
