// Sends the events of a run to a running Kinemark, with the same batches as the app.
import { setTimeout as wait } from 'node:timers/promises';
import { firstBatch } from '../src/lib/events/first-batch.ts';
import type { MetricEvent } from '../src/lib/events/metric-event.ts';
import { sendBatch } from '../src/lib/events/send-batch.ts';

/** Waits before each further try, in ms; after the last one the bench gives up. */
const RETRY_WAITS_MS = [500, 1000, 2000, 4000];

/**
 * Delivers all events, in order. Null when they have arrived; else why the server refused them or stays
 * away, which completes "because …".
 */
export async function deliverEvents(
  serverUrl: URL,
  events: readonly MetricEvent[],
): Promise<string | null> {
  let waiting = events.map((event) => ({ event }));
  while (waiting.length > 0) {
    const batch = firstBatch(waiting);
    const problem = await deliverBatch(
      serverUrl,
      batch.map(({ event }) => event),
    );
    if (problem !== null) return problem;
    waiting = waiting.slice(batch.length);
  }
  return null;
}

async function deliverBatch(
  serverUrl: URL,
  events: readonly MetricEvent[],
): Promise<string | null> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await sendBatch(new URL('/metrics', serverUrl), events);
    if (outcome.kind === 'accepted') return null;
    const waitMs = RETRY_WAITS_MS[attempt];
    if (outcome.kind === 'rejected' || waitMs === undefined) return outcome.reason;
    await wait(waitMs);
  }
}
