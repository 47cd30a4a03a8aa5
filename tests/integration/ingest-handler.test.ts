// Batches that the HTTP server hands to ingest itself, without the application: the limits are those of the
// route, whatever a sender does with its connection.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../server/http-server.server.ts';
import { serveIngest } from '../../server/ingest/ingest-handler.server.ts';
import { MAX_BATCHES_AT_ONCE, createIngest } from '../../server/ingest/ingest.server.ts';
import { RESPONSE_HEADERS } from '../../server/response-headers.server.ts';
import { BATCH_MEDIA_TYPE, MAX_BATCH_BYTES } from '../../src/lib/events/parse-batch.ts';
import { startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openBroker } from './open-broker.ts';
import { silentLogger } from './silent-logger.ts';

const TYPE = { 'content-type': BATCH_MEDIA_TYPE };
/** Of the application that stands behind ingest here. */
const APP_STATUS = 418;

async function setUp() {
  const broker = openBroker(temporaryFolder());
  const ingest = createIngest({
    publisher: broker,
    logger: silentLogger,
    maxQueueDepthEvents: 100,
  });
  const server = await startHttpServer({
    config: { host: '127.0.0.1', port: 0 },
    logger: silentLogger,
    handler: serveIngest(ingest, (_request, response) => response.writeHead(APP_STATUS).end()),
  });
  onTestFinished(() => server.close());
  return { broker, url: `${server.url}/metrics` };
}

function post(url: string, body: BodyInit, headers: Record<string, string> = TYPE) {
  return fetch(url, { method: 'POST', headers, body });
}

/** A stream: it is sent in chunks, without its length. */
function inChunks(size: number): ReadableStream<Uint8Array> {
  let left = size;
  return new ReadableStream({
    pull(controller) {
      const chunk = Math.min(left, 50_000);
      left -= chunk;
      if (chunk > 0) controller.enqueue(new Uint8Array(chunk).fill(0x20));
      else controller.close();
    },
  });
}

test('a batch is taken, packed or not, with the headers of every answer', async () => {
  const { broker, url } = await setUp();
  const text = JSON.stringify([startedEvent(), windowEvent(0)]);
  const answer = await post(url, text);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ accepted: 2 });
  expect(answer.headers.get('content-type')).toBe('application/json');
  for (const [name, value] of RESPONSE_HEADERS) expect(answer.headers.get(name)).toBe(value);
  const packed = await post(url, gzipSync(text), { ...TYPE, 'content-encoding': 'gzip' });
  expect(packed.status).toBe(202);
  expect(await broker.depth()).toBe(4);
});

test('refusals have their status, sentence and headers', async () => {
  const { broker, url } = await setUp();
  const asText = await post(url, '[]', { 'content-type': 'text/plain' });
  expect(asText.status).toBe(415);
  const brotli = await post(url, '[]', { ...TYPE, 'content-encoding': 'br' });
  expect(brotli.status).toBe(415);
  expect(brotli.headers.get('accept-encoding')).toBe('gzip');
  expect((await post(url, '{')).status).toBe(400);
  const none = await post(url, '');
  expect(none.status).toBe(400);
  expect(await none.json()).toMatchObject({ accepted: 0 });
  expect(await broker.depth()).toBe(0);
});

test('what is too large is refused, whether it says so or not, and its connection goes on', async () => {
  const { url } = await setUp();
  const said = await post(url, new Uint8Array(MAX_BATCH_BYTES + 1).fill(0x20));
  expect(said.status).toBe(413);
  const body = inChunks(MAX_BATCH_BYTES + 1);
  const unsaid = await fetch(url, {
    method: 'POST',
    headers: TYPE,
    body,
    duplex: 'half',
  } as RequestInit);
  expect(unsaid.status).toBe(413);
  const fits = `${' '.repeat(MAX_BATCH_BYTES - 2)}[]`;
  expect((await post(url, fits)).status, 'it was read, and has no events').toBe(400);

  // Both requests on one connection: the second is answered once the rest of the first was thrown away.
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const head = `POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-type: ${BATCH_MEDIA_TYPE}\r\n`;
  const second = JSON.stringify([startedEvent()]);
  socket.write(
    `${head}content-length: ${MAX_BATCH_BYTES + 9}\r\n\r\n${' '.repeat(MAX_BATCH_BYTES + 9)}`,
  );
  socket.write(`${head}content-length: ${second.length}\r\n\r\n${second}`);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await expect.poll(() => text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 202']);

  // Where the length is said, the body is not waited for.
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void silent.destroy());
  silent.write(`${head}content-length: ${MAX_BATCH_BYTES + 1}\r\n\r\n`);
  const [answer] = (await once(silent, 'data')) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
});

test('senders that go away in the middle of a batch take no place of others', async () => {
  const { broker, url } = await setUp();
  for (let round = 0; round < 2; round++) {
    const slow = await Promise.all(
      Array.from({ length: MAX_BATCHES_AT_ONCE }, async () => {
        const headers = { ...TYPE, expect: '100-continue' };
        const sending = request(url, { method: 'POST', headers, agent: false });
        sending.on('error', () => undefined); // It is cut off.
        sending.flushHeaders();
        await once(sending, 'continue');
        sending.write('[');
        return sending;
      }),
    );
    const status = async () => (await post(url, JSON.stringify([startedEvent()]))).status;
    await expect.poll(status).toBe(503);
    for (const sending of slow) sending.destroy();
    await expect.poll(status).toBe(202);
  }
  expect(await broker.depth()).toBe(2);
});

test('everything else is the application’s', async () => {
  const { url } = await setUp();
  const text = JSON.stringify([startedEvent()]);
  for (const other of [`${url}?a=1`, `${url}/`, new URL('/healthz', url).href]) {
    expect((await post(other, text)).status, other).toBe(APP_STATUS);
  }
  const get = request(url).end();
  const [answer] = (await once(get, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(APP_STATUS);
});
