// One request as it travels, over a real connection where that matters.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BATCH_MEDIA_TYPE } from '../../../src/lib/events/parse-batch.ts';
import { sendBatch } from '../../../src/lib/events/send-batch.ts';
import type { SendOutcome } from '../../../src/lib/events/send-batch.ts';
import { eventsOf } from './sent-batches.ts';

const ENDPOINT = 'http://localhost/metrics';
const events = eventsOf(1, 3);

type Sent = { readonly init: RequestInit; readonly body: Uint8Array };

/** A fetch that answers this, and what it was given. */
function answering(response: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const fake: typeof fetch = async (_input, init = {}) => {
    sent.push({ init, body: init.body as Uint8Array });
    return response();
  };
  return { sent, fetch: fake };
}

function outcomeOf(status: number, body: unknown = null, headers: Record<string, string> = {}) {
  const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return sendBatch(ENDPOINT, events, {
    fetch: async () => new Response(text, { status, headers }),
  });
}

/** As server/ingest answers. */
const refusal = { error: 'The batch has a fault. None of it was taken.', accepted: 0 };

describe('what is sent', () => {
  it('is the batch as packed JSON, over a real connection', async () => {
    const received: { headers: unknown; events: unknown }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const json = gunzipSync(Buffer.concat(chunks)).toString();
        received.push({ headers: request.headers, events: JSON.parse(json) });
        response.writeHead(202).end('{"accepted":3}');
      });
    }).listen(0);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const endpoint = new URL(`http://localhost:${port}/metrics`);
    expect(await sendBatch(endpoint, events)).toEqual({ kind: 'accepted' });
    expect(received).toMatchObject([
      { headers: { 'content-type': BATCH_MEDIA_TYPE, 'content-encoding': 'gzip' }, events },
    ]);
  });

  it('goes as it is when the page is being left, in a request that outlives it', async () => {
    const { fetch, sent } = answering(() => new Response('', { status: 202 }));
    expect(await sendBatch(ENDPOINT, events, { fetch, keepalive: true })).toEqual({
      kind: 'accepted',
    });
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': BATCH_MEDIA_TYPE },
    });
    expect(sent[0]?.init.headers).not.toHaveProperty('content-encoding');
    expect(JSON.parse(new TextDecoder().decode(sent[0]?.body))).toEqual(events);
  });
});

describe('the outcome', () => {
  it('is accepted at 202, whatever becomes of the rest of the answer', async () => {
    const broken = new ReadableStream({ start: (it) => it.error(new Error('cut off')) });
    const { fetch } = answering(() => new Response(broken, { status: 202 }));
    expect(await sendBatch(ENDPOINT, events, { fetch })).toEqual({ kind: 'accepted' });
  });

  it.each([401, 403])('is unauthorised at %i', async (status) => {
    const reason = `HTTP ${status}: No token.`;
    expect(await outcomeOf(status, { error: 'No token.' })).toEqual({
      kind: 'unauthorised',
      reason,
    });
  });

  it('is too large at 413, whoever says so', async () => {
    expect(await outcomeOf(413, '<h1>nginx</h1>')).toMatchObject({ kind: 'too-large' });
  });

  it.each([400, 422])('is rejected at %i, with the faults that are listed', async (status) => {
    const faults = [
      { index: 1, path: 'data.plannedFrames', message: 'must not be negative' },
      { index: 2, path: '', message: 'must be an object' },
      { index: 'x', path: '', message: 'is no fault' },
      null,
    ];
    expect(await outcomeOf(status, { ...refusal, faultCount: 4, faults })).toEqual({
      kind: 'rejected',
      reason: `HTTP ${status}: ${refusal.error}`,
      faults: [
        { index: 1, message: 'data.plannedFrames: must not be negative' },
        { index: 2, message: 'must be an object' },
      ],
    });
    expect(await outcomeOf(status, refusal)).toMatchObject({ kind: 'rejected', faults: [] });
  });

  it.each(['<h1>Cookie too large</h1>', '', 'null', '{"message":"no"}'])(
    'is another try later when it was not Kinemark that answered 400: %s',
    async (body) => {
      expect(await outcomeOf(400, body)).toMatchObject({ kind: 'retry', isLasting: true });
    },
  );

  it.each([408, 425, 429, 500, 502, 503, 504])('is another try soon at %i', async (status) => {
    expect(await outcomeOf(status, { error: 'Too much.' })).toEqual({
      kind: 'retry',
      reason: `HTTP ${status}: Too much.`,
      afterMs: null,
      isLasting: false,
    });
  });

  it.each([200, 204, 304, 404, 405, 409, 410, 415])(
    'is another try much later at %i: that is no Kinemark that takes events',
    async (status) => {
      const { fetch } = answering(() => new Response(null, { status }));
      expect(await sendBatch(ENDPOINT, events, { fetch })).toMatchObject({
        kind: 'retry',
        isLasting: true,
      });
    },
  );

  it('says when the server wants to be asked again', async () => {
    const headers = { 'retry-after': '7' };
    expect(await outcomeOf(503, refusal, headers)).toMatchObject({ kind: 'retry', afterMs: 7000 });
    expect(await outcomeOf(404, refusal, headers)).toMatchObject({ kind: 'retry', afterMs: 7000 });
  });

  it('is another try when the server cannot be reached', async () => {
    const fetch = async () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await sendBatch(ENDPOINT, events, { fetch })).toEqual({
      kind: 'retry',
      reason: 'the server could not be reached',
      afterMs: null,
    });
  });
});

describe('a server that does not answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** As fetch, rejects when it is aborted and only then. */
  const silence: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      const { signal } = init ?? {};
      if (signal?.aborted) reject(new DOMException('', 'AbortError'));
      signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
    });

  /** The outcome once there is one. */
  function watch(sent: Promise<SendOutcome>) {
    const seen: SendOutcome[] = [];
    void sent.then((outcome) => seen.push(outcome));
    return seen;
  }

  it('is given up after a while, longer for what takes long to send', async () => {
    const bytes = 20_000;
    const long = eventsOf(1, 1, bytes);
    const seen = watch(sendBatch(ENDPOINT, long, { fetch: silence, keepalive: true }));
    await vi.advanceTimersByTimeAsync(15_000 + bytes / 2 - 100);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    const reason = 'the server did not answer in time';
    expect(seen).toEqual([{ kind: 'retry', reason, afterMs: null }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up within what a server takes to receive a request', async () => {
    const long = eventsOf(1, 1, 390_000);
    const seen = watch(sendBatch(ENDPOINT, long, { fetch: silence, keepalive: true }));
    await vi.advanceTimersByTimeAsync(75_001);
    expect(seen).toHaveLength(1);
  });

  it('is given up after what its sender says', async () => {
    const seen = watch(
      sendBatch(ENDPOINT, events, { fetch: silence, answerLimitMs: 200, keepalive: true }),
    );
    await vi.advanceTimersByTimeAsync(199);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toMatchObject([{ reason: 'the server did not answer in time' }]);
  });

  it('is given up when the sender is stopped, before or after', async () => {
    const stopping = new AbortController();
    const options = { fetch: silence, keepalive: true, signal: stopping.signal };
    const seen = watch(sendBatch(ENDPOINT, events, options));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([]);
    stopping.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toMatchObject([{ kind: 'retry' }]);
    expect(await sendBatch(ENDPOINT, events, options)).toMatchObject({ kind: 'retry' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when the answer comes', async () => {
    const { fetch } = answering(() => new Response('', { status: 202 }));
    await sendBatch(ENDPOINT, events, { fetch, keepalive: true });
    expect(vi.getTimerCount()).toBe(0);
  });
});
