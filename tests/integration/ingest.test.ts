// The ingest in front of a real broker: what is taken, what is refused, and in which words.
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Broker } from '../../server/broker/broker.server.ts';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createIngest } from '../../server/ingest/ingest.server.ts';
import {
  BATCH_MEDIA_TYPE,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
} from '../../src/lib/events/parse-batch.ts';
import { RUN_ID, runEvents, startedEvent, windowEvent } from '../fixtures/events.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const MAX_QUEUE_DEPTH_EVENTS = 600;

function setUp(changed: Partial<Broker> = {}) {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const broker = createEmbeddedBroker({ path, logger: silentLogger });
  onTestFinished(() => broker.close());
  const ingest = createIngest({
    publisher: { ...broker, ...changed },
    logger: silentLogger,
    maxQueueDepthEvents: MAX_QUEUE_DEPTH_EVENTS,
  });

  async function post(body: BodyInit, headers: Record<string, string> = {}) {
    const response = await ingest.handle(
      new Request('http://localhost/metrics', {
        method: 'POST',
        headers: { 'content-type': BATCH_MEDIA_TYPE, ...headers },
        body,
        duplex: 'half',
      } as RequestInit),
    );
    return { status: response.status, headers: response.headers, json: await response.json() };
  }

  return { broker, post };
}

function gzipped(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(JSON.stringify(value)));
}

test('a valid batch is queued and accepted', async () => {
  const { broker, post } = setUp();
  const { status, json } = await post(JSON.stringify(runEvents(3)));
  expect({ status, json }).toEqual({ status: 202, json: { accepted: 5 } });
  expect(await broker.depth()).toBe(5);
});

test('a gzipped batch is accepted, and so is a media type with parameters', async () => {
  const { post } = setUp();
  const packed = await post(gzipped(runEvents(1)), { 'content-encoding': 'gzip' });
  expect(packed.status).toBe(202);
  const contentType = 'Application/CloudEvents-Batch+JSON; charset=utf-8';
  const plain = await post(JSON.stringify(runEvents(1)), { 'content-type': contentType });
  expect(plain.status).toBe(202);
});

test('one fault refuses the whole batch and says where it is', async () => {
  const { broker, post } = setUp();
  const bad = startedEvent({ data: { plannedFrames: -1 } });
  const { status, json } = await post(JSON.stringify([windowEvent(0), bad]));
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: 'The batch has a fault. None of it was taken.',
    accepted: 0,
    faultCount: 1,
    faults: [{ index: 1, path: 'data.plannedFrames' }],
  });
  expect(await broker.depth()).toBe(0);
});

test('an answer lists twenty faults, says how many there are, and does not echo the batch', async () => {
  const { post } = setUp();
  const events = Array.from({ length: 30 }, (_, i) => ({
    ...windowEvent(i),
    type: 'x'.repeat(5000),
  }));
  const { status, json } = await post(JSON.stringify(events));
  expect(status).toBe(400);
  expect(json.faultCount).toBeGreaterThanOrEqual(30);
  expect(json.faults).toHaveLength(20);
  expect(JSON.stringify(json).length).toBeLessThan(10_000);
});

test.each([
  ['no JSON', '{"specversion":'],
  ['no array', JSON.stringify(startedEvent())],
  ['an empty array', '[]'],
  ['an empty body', ''],
  ['no UTF-8', new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d])],
])('%s is a bad request', async (_, body) => {
  const { broker, post } = setUp();
  const { status, json } = await post(body);
  expect(status).toBe(400);
  expect(json).toMatchObject({ accepted: 0, error: expect.stringMatching(/^The batch .*\.$/) });
  expect(await broker.depth()).toBe(0);
});

test('more events than a batch may hold are a bad request', async () => {
  const { post } = setUp();
  const events = Array.from({ length: MAX_BATCH_EVENTS + 1 }, () => 0);
  const { status, json } = await post(JSON.stringify(events));
  expect(status).toBe(400);
  expect(json.faults).toEqual([
    { index: -1, path: '', message: 'a batch holds 1 to 500 events, not 501' },
  ]);
});

test('what is not gzip though it says so is of a wrong coding', async () => {
  const { post } = setUp();
  const headers = { 'content-encoding': 'gzip' };
  expect(await post(JSON.stringify(runEvents(1)), headers)).toMatchObject({
    status: 415,
    json: { error: 'The batch says it is gzip, but cannot be unpacked.' },
  });
  const cutOff = gzipped(runEvents(1)).slice(0, -10);
  expect((await post(cutOff, headers)).status).toBe(415);
});

test('a body that breaks off may be sent again', async () => {
  const { post } = setUp();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
    pull: (controller) => controller.error(new Error('connection reset')),
  });
  const { status, json } = await post(body);
  expect(status).toBe(408);
  expect(json.error).toBe('The batch did not arrive whole. Send it again.');
});

test('a body beyond the limit is refused without reading on', async () => {
  const { post } = setUp();
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 64_000;
      controller.enqueue(new Uint8Array(64_000).fill(0x20));
    },
    cancel: () => void (cancelled = true),
  });
  const { status, json } = await post(endless);
  expect(status).toBe(413);
  expect(json.error).toBe(
    'A batch may have 400000 bytes, packed and unpacked. Send fewer events at a time.',
  );
  expect(sent).toBeLessThan(MAX_BATCH_BYTES + 4 * 64_000);
  expect(cancelled, 'cancelling the body would cut the connection').toBe(false);
});

test('a gzip bomb is refused without holding it in memory', async () => {
  const bombBytes = 300_000_000;
  const chunk = Buffer.alloc(1_000_000);
  const gzip = createGzip({ level: 9 });
  const packed: Buffer[] = [];
  gzip.on('data', (data: Buffer) => packed.push(data));
  for (let sent = 0; sent < bombBytes; sent += chunk.length) {
    if (!gzip.write(chunk)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  await new Promise<void>((resolve) => gzip.end(resolve));
  const bomb = new Uint8Array(Buffer.concat(packed));
  expect(bomb.length).toBeLessThan(MAX_BATCH_BYTES);

  const { post } = setUp();
  const before = process.memoryUsage().rss;
  const { status } = await post(bomb, { 'content-encoding': 'gzip' });
  expect(status).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(bombBytes / 4);
});

test.each(['application/json', 'application/cloudevents+json', 'text/plain'])(
  'media type %s is refused',
  async (contentType) => {
    const { post } = setUp();
    const { status, json } = await post(JSON.stringify(runEvents(1)), {
      'content-type': contentType,
    });
    expect(status).toBe(415);
    expect(json.error).toBe(`Send a batch of events as ${BATCH_MEDIA_TYPE}.`);
  },
);

test('a content coding other than gzip is refused', async () => {
  const { post } = setUp();
  const { status, headers } = await post('x', { 'content-encoding': 'br' });
  expect(status).toBe(415);
  expect(headers.get('accept-encoding')).toBe('gzip');
});

test('a full queue puts batches off', async () => {
  const { broker, post } = setUp();
  const windows = Array.from({ length: MAX_QUEUE_DEPTH_EVENTS }, (_, i) => windowEvent(i));
  await broker.publish(windows);
  const { status, headers, json } = await post(JSON.stringify([startedEvent()]));
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
  expect(json).toEqual({
    accepted: 0,
    error: 'Too many events are waiting. Send the batch again later.',
  });
  expect(await broker.depth()).toBe(MAX_QUEUE_DEPTH_EVENTS);
});

test('a batch that is put off is not read', async () => {
  const { broker, post } = setUp();
  const windows = Array.from({ length: MAX_QUEUE_DEPTH_EVENTS }, (_, i) => windowEvent(i));
  await broker.publish(windows);
  let chunks = 0;
  const endless = new ReadableStream<Uint8Array>(
    { pull: (controller) => controller.enqueue(new Uint8Array(++chunks)) },
    { highWaterMark: 0 },
  );
  expect((await post(endless)).status).toBe(503);
  expect(chunks).toBe(0);
});

test('a queue that fills while a batch is received puts it off', async () => {
  const { broker, post } = setUp();
  const { promise, resolve: finish } = Promise.withResolvers<undefined>();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await promise;
      controller.enqueue(new TextEncoder().encode(JSON.stringify([startedEvent()])));
      controller.close();
    },
  });
  const answer = post(body);
  await broker.publish(Array.from({ length: MAX_QUEUE_DEPTH_EVENTS }, (_, i) => windowEvent(i)));
  finish(undefined);
  expect((await answer).status).toBe(503);
  expect(await broker.depth()).toBe(MAX_QUEUE_DEPTH_EVENTS);
});

test.each(['publish', 'depth'] as const)(
  'a broker that cannot %s puts batches off',
  async (verb) => {
    const { post } = setUp({ [verb]: () => Promise.reject(new Error('disk full')) });
    const { status, headers, json } = await post(JSON.stringify([startedEvent()]));
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(json.error).not.toContain('disk full');
  },
);

test('the largest batch is handled without holding up other requests for long', async () => {
  const { post } = setUp();
  const windows = Array.from({ length: 250 }, (_, i) => windowEvent(i, { runId: RUN_ID }));
  const body = JSON.stringify(windows);
  expect(body.length).toBeLessThan(MAX_BATCH_BYTES);
  const start = performance.now();
  expect((await post(body)).status).toBe(202);
  expect(performance.now() - start).toBeLessThan(500);
});
