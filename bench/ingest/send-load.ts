// Sends prepared bodies as fast as they are answered, and keeps the time. Bounded by its bodies.
import autocannon from 'autocannon';
import { BATCH_MEDIA_TYPE } from '../../src/lib/events/parse-batch.ts';
import { BenchError } from '../bench-error.ts';
import type { ConnectionLoad } from './make-bodies.ts';

/** A server that takes longer for a request is broken, in s. */
const REQUEST_LIMIT_S = 20;
/** How late autocannon may notice that it is done, in ms. The clock has stopped by then. */
const SAMPLE_MS = 20;

/** How a load was answered. */
export type Burst = {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly durationMs: number;
  /** Of each request. */
  readonly latenciesMs: readonly number[];
};

/**
 * Sends each body `times` times to `url`, one request at a time per connection. Rejects with a BenchError when
 * a request fails or is answered with anything but 2xx: a figure with refusals in it says nothing.
 */
export async function sendLoad(
  url: string,
  loads: readonly ConnectionLoad[],
  times = 1,
): Promise<Burst> {
  const requests = times * loads.reduce((sum, { bodies }) => sum + bodies.length, 0);
  const waiting = [...loads];
  const latenciesMs: number[] = [];
  const refusals = new Map<number, number>();
  let startedAtMs = 0;
  let endedAtMs = 0;
  const sending = autocannon({
    url: `${url}/metrics`,
    method: 'POST',
    headers: { 'content-type': BATCH_MEDIA_TYPE },
    connections: loads.length,
    amount: requests,
    timeout: REQUEST_LIMIT_S,
    sampleInt: SAMPLE_MS,
    setupClient(client) {
      client.setRequests((waiting.shift()?.bodies ?? []).map((body) => ({ body })));
      startedAtMs = performance.now(); // None of them has connected before all are set up.
    },
  }).on('response', (_client, status, _bytes, latencyMs) => {
    endedAtMs = performance.now();
    latenciesMs.push(latencyMs);
    if (status < 200 || status > 299) refusals.set(status, (refusals.get(status) ?? 0) + 1);
  });
  const { errors } = await sending;
  if (errors > 0 || refusals.size > 0 || latenciesMs.length !== requests) {
    const statuses = [...refusals].map(([status, count]) => `${count} with ${status}`);
    const failures = [...statuses, ...(errors > 0 ? [`${errors} without an answer`] : [])];
    throw new BenchError(
      `Of ${requests} requests to ${url} some were not taken (${failures.join(', ') || 'answers are missing'}), so there is no figure. Run it again on a quiet machine.`,
    );
  }
  return { requests, durationMs: endedAtMs - startedAtMs, latenciesMs };
}
