// The dashboard's ingest in the cloud, in front of a real one on another port, and of ones that fail.
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { getRequest, setResponse } from '@sveltejs/kit/node';
import { expect, onTestFinished, test } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createIngestRelay } from '../../server/ingest/ingest-relay.server.ts';
import { createIngest } from '../../server/ingest/ingest.server.ts';
import { BATCH_MEDIA_TYPE, MAX_BATCH_BYTES } from '../../src/lib/events/parse-batch.ts';
import { runEvents } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { silentLogger } from './silent-logger.ts';

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An ingest of its own, and what its queue holds. */
async function startIngest() {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const publisher = createEmbeddedBroker({ path, logger: silentLogger });
  onTestFinished(() => publisher.close());
  const ingest = createIngest({ publisher, logger: silentLogger, maxQueueDepthEvents: 100 });
  const seen: Headers[] = [];
  const url = await listen((request, response) => {
    void (async () => {
      const asked = await getRequest({ request, base: 'http://ingest' });
      seen.push(asked.headers);
      await setResponse(response, await ingest.handle(asked));
    })();
  });
  return { url, publisher, seen };
}

function relayTo(ingestUrl: string, answerLimitMs = 5000) {
  const relay = createIngestRelay({
    ingestUrl,
    identify: async () => new Headers({ authorization: 'Bearer of this service' }),
    logger: silentLogger,
    answerLimitMs,
  });
  return (body: BodyInit, headers: Record<string, string> = {}) =>
    relay.handle(
      new Request('http://dashboard/metrics', {
        method: 'POST',
        headers: { 'content-type': BATCH_MEDIA_TYPE, ...headers },
        body,
      }),
    );
}

test('a batch is passed on as it came, with the identity of this service, and so is the answer', async () => {
  const { url, publisher, seen } = await startIngest();
  const post = relayTo(url);
  const events = runEvents(2);
  const packed = gzipSync(JSON.stringify(events));
  const response = await post(packed, {
    'content-encoding': 'gzip',
    cookie: 'not=for-others',
    authorization: 'Bearer of somebody',
  });
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ accepted: events.length });
  expect(await publisher.depth()).toBe(events.length);
  expect(seen[0]?.get('authorization')).toBe('Bearer of this service');
  expect(seen[0]?.get('cookie')).toBeNull();
});

test('what ingest refuses is refused with its reason, also when it wants to be asked later', async () => {
  const { url, publisher } = await startIngest();
  const post = relayTo(url);
  const faulty = await post('[{}]');
  expect(faulty.status).toBe(400);
  expect(await faulty.json()).toMatchObject({ accepted: 0, faults: [{ index: 0 }] });

  expect((await post('[]', { 'content-type': 'text/plain' })).status).toBe(415);

  await publisher.publish(Array.from({ length: 25 }, () => runEvents(2)).flat());
  const full = await post(JSON.stringify(runEvents(2)));
  expect(full.status).toBe(503);
  expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a batch that is too large is refused before ingest hears of it', async () => {
  const { url, seen } = await startIngest();
  const response = await relayTo(url)(new Uint8Array(MAX_BATCH_BYTES + 1));
  expect(response.status).toBe(413);
  expect(seen).toHaveLength(0);
});

const failing: readonly (readonly [string, RequestListener])[] = [
  ['does not let this service in', (_request, response) => response.writeHead(403).end('no')],
  ['has no such address', (_request, response) => response.writeHead(404).end('what?')],
  ['fails', (_request, response) => response.writeHead(500).end('oh')],
  ['points elsewhere', (_request, response) => response.writeHead(302, { location: '/x' }).end()],
  [
    'breaks off',
    (_request, response) => response.writeHead(202).write('{', () => response.destroy()),
  ],
  ['hangs', () => undefined],
];
test.each(failing)('where ingest %s, the batch is put off', async (_what, listener) => {
  const response = await relayTo(await listen(listener), 500)(JSON.stringify(runEvents(1)));
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ accepted: 0 });
});

test('where nobody listens, or this service has no identity, the batch is put off', async () => {
  const dead = await listen(() => undefined).then((url) => url.replace(/\d+$/, '1'));
  expect((await relayTo(dead)(JSON.stringify(runEvents(1)))).status).toBe(503);

  const { url, seen } = await startIngest();
  const relay = createIngestRelay({
    ingestUrl: url,
    identify: () => Promise.reject(new Error('no account')),
    logger: silentLogger,
  });
  const request = new Request('http://d/metrics', { method: 'POST', body: '[]' });
  expect((await relay.handle(request)).status).toBe(503);
  expect(seen).toHaveLength(0);
});
