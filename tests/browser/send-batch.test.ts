// A batch by the browser's own fetch and compression.
import { describe, expect, it } from 'vitest';
import { sendBatch } from '../../src/lib/events/send-batch.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { windowEvent } from '../fixtures/events.ts';

/** Nothing takes events in these tests: a request that arrives is answered with 404. */
const ENDPOINT = '/fixtures/nothing-is-here';
const ARRIVED = { kind: 'retry', reason: 'HTTP 404: Not Found', isLasting: true };
const NOT_SENT = { kind: 'retry', reason: 'the server could not be reached' };

const events = [0, 1, 2].map((index) => windowEvent(index));

/** One event whose batch has about this many bytes. */
function batchOf(bytes: number): readonly MetricEvent[] {
  const event = windowEvent(0);
  const missing = bytes - JSON.stringify([event]).length;
  return [{ ...event, source: event.source + 'x'.repeat(missing) }];
}

describe('a batch', () => {
  it('travels packed, and can be unpacked', async () => {
    const requests: Request[] = [];
    const outcome = await sendBatch(ENDPOINT, events, {
      fetch: async (input, init) => {
        requests.push(new Request(input, init));
        return new Response(null, { status: 202 });
      },
    });
    expect(outcome).toEqual({ kind: 'accepted' });
    const [request] = requests;
    expect(request?.headers.get('content-encoding')).toBe('gzip');
    const packed = await request!.blob();
    expect(packed.size).toBeLessThan(JSON.stringify(events).length / 2);
    const unpacked = packed.stream().pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(unpacked).json()).toEqual(events);
  });

  it('goes over the network and back', async () => {
    expect(await sendBatch(ENDPOINT, events)).toMatchObject(ARRIVED);
  });

  it('outlives the page up to the bytes that an uploader sends then, and browsers refuse more', async () => {
    const leave = (bytes: number) => sendBatch(ENDPOINT, batchOf(bytes), { keepalive: true });
    expect(await leave(60_000)).toMatchObject(ARRIVED);
    expect(await leave(66_000)).toMatchObject(NOT_SENT);
  });

  it('is given up when the sender stops', async () => {
    const signal = AbortSignal.abort();
    expect(await sendBatch(ENDPOINT, events, { signal })).toMatchObject({ kind: 'retry' });
  });
});
