// Sends the events of a run to a running Kinemark, with the same batches as the app.
import { setTimeout as wait } from 'node:timers/promises';
import { firstBatch } from '../src/lib/events/first-batch.ts';
import type { MetricEvent } from '../src/lib/events/metric-event.ts';
import { sendBatch } from '../src/lib/events/send-batch.ts';
import { BenchError } from './bench-error.ts';

/** Waits before each further try, in ms; after the last one the bench gives up. */
const RETRY_WAITS_MS = [500, 1000, 2000, 4000];

/** Delivers all events, in order. Throws a BenchError when the server refuses or stays away. */
export async function deliverEvents(serverUrl: URL, events: readonly MetricEvent[]): Promise<void> {
  let waiting = events.map((event) => ({ event }));
  while (waiting.length > 0) {
    const batch = firstBatch(waiting);
    await deliverBatch(
      serverUrl,
      batch.map(({ event }) => event),
    );
    waiting = waiting.slice(batch.length);
  }
}

async function deliverBatch(serverUrl: URL, events: readonly MetricEvent[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await sendBatch(new URL('/metrics', serverUrl), events);
    if (outcome.kind === 'accepted') return;
    const waitMs = RETRY_WAITS_MS[attempt];
    if (outcome.kind === 'rejected' || waitMs === undefined) {
      throw new BenchError(
        `The events did not reach ${serverUrl.origin} because ${outcome.reason}. The results file is complete; check the address and run again.`,
      );
    }
    await wait(waitMs);
  }
}
