// A server that is offered more than it can store: it says so and when to come back, its memory does not grow,
// and what it has accepted is stored once.
import { rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MAX_QUEUE_DEPTH_EVENTS } from '../../server/config.server.ts';
import { MAX_BATCHES_AT_ONCE } from '../../server/ingest/ingest.server.ts';
import { startHttpServer } from '../../server/http-server.server.ts';
import { BATCH_MEDIA_TYPE } from '../../src/lib/events/parse-batch.ts';
import { startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { STALL_FILE } from './server-options.ts';
import { startServer, type ServerProcess } from './server-process.ts';
import { silentLogger } from './silent-logger.ts';

const MB = 1_000_000;
/** Close to the largest batch. */
const BATCH_EVENTS = 350;
const DEVICES = 40;
/** After the queue is full: until memory has its level, and from there to the second look. */
const SETTLING_POSTS = 400;
const FLOOD_POSTS = 2000;
/** Of all that the flood offers, some 580 MB, may stay: */
const MAX_HEAP_GROWTH_BYTES = 4 * MB;
const MAX_RSS_GROWTH_BYTES = 60 * MB;

function runIdOf(device: number): string {
  return `0197a000-0000-7000-8000-${String(device).padStart(12, '0')}`;
}

type Flood = {
  /** Windows acknowledged, by device. */
  readonly accepted: number[];
  putOff: number;
};

/** Posts `posts` batches, every device its next one, at once for all devices. */
async function flood(server: ServerProcess, tally: Flood, posts: number): Promise<void> {
  let left = posts;
  const sendAll = async (device: number) => {
    while (left > 0) {
      left -= 1;
      const first = tally.accepted[device] ?? 0;
      const runId = runIdOf(device);
      const events = Array.from({ length: BATCH_EVENTS }, (_, i) =>
        windowEvent(first + i, { runId }),
      );
      // On a busy machine the server may close an idle connection just when it is used again.
      const response = await server.post(events).catch(() => null);
      if (response === null) {
        left += 1;
        continue;
      }
      await response.arrayBuffer();
      if (response.status === 202) tally.accepted[device] = first + BATCH_EVENTS;
      else {
        expect(response.status).toBe(503);
        expect(response.headers.get('retry-after')).toBe('5');
        tally.putOff += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: DEVICES }, (_, device) => sendAll(device)));
}

async function memory(server: ServerProcess): Promise<NodeJS.MemoryUsage> {
  return (await (await fetch(`${server.url}/memory`)).json()) as NodeJS.MemoryUsage;
}

test(
  'flooded while its store stands still, it puts batches off and does not grow; then all is there once',
  { timeout: 240_000 },
  async () => {
    const folder = temporaryFolder();
    const server = await startServer({ folder });
    writeFileSync(join(folder, STALL_FILE), '');
    const tally: Flood = { accepted: [], putOff: 0 };
    while (tally.putOff === 0) await flood(server, tally, DEVICES);
    await flood(server, tally, SETTLING_POSTS);
    const before = await memory(server);
    const depthBefore = (await server.health()).queueDepth;

    const putOffBefore = tally.putOff;
    await flood(server, tally, FLOOD_POSTS);
    const after = await memory(server);
    expect(tally.putOff - putOffBefore).toBe(FLOOD_POSTS);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(MAX_HEAP_GROWTH_BYTES);
    expect(after.external - before.external).toBeLessThan(MAX_HEAP_GROWTH_BYTES);
    expect(after.rss - before.rss).toBeLessThan(MAX_RSS_GROWTH_BYTES);
    const depth = (await server.health()).queueDepth;
    expect(depth).toBe(depthBefore);
    expect(depth).toBeGreaterThanOrEqual(MAX_QUEUE_DEPTH_EVENTS);
    expect(depth).toBeLessThan(MAX_QUEUE_DEPTH_EVENTS + DEVICES * BATCH_EVENTS);
    expect(server.log().trimEnd().split('\n').length, 'a flood of lines').toBeLessThan(DEVICES);

    rmSync(join(folder, STALL_FILE));
    await expect
      .poll(async () => (await server.health()).queueDepth, { timeout: 120_000, interval: 500 })
      .toBe(0);
    for (const [device, count] of tally.accepted.entries()) {
      const run = await server.run(runIdOf(device));
      expect(run?.windows.map(({ index }) => index)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
    }
    expect((await server.post([startedEvent()])).status).toBe(202);
    expect(await server.health()).toMatchObject({ deadLetters: 0 });
  },
);

/** A batch of which only the first byte is sent. */
async function beginBatch(url: string, agent: Agent): Promise<ClientRequest> {
  const headers = { 'content-type': BATCH_MEDIA_TYPE, expect: '100-continue' };
  const slow = request(`${url}/metrics`, { method: 'POST', agent, headers });
  slow.on('error', () => undefined); // It is cut off in the end.
  slow.flushHeaders();
  await once(slow, 'continue');
  slow.write('[');
  return slow;
}

test('batches beyond those it can hold at once are put off, until one of these has ended', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  const agent = new Agent({ maxSockets: Infinity });
  onTestFinished(() => agent.destroy());
  const slow = await Promise.all(
    Array.from({ length: MAX_BATCHES_AT_ONCE }, () => beginBatch(server.url, agent)),
  );
  const status = async () => (await server.post([startedEvent()])).status;
  await expect.poll(status).toBe(503);
  const refused = await server.post([startedEvent()]);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toEqual({
    accepted: 0,
    error: 'Too many batches arrive at once. Send the batch again later.',
  });

  // One device goes away in the middle, another one ends its batch.
  slow[0]!.destroy();
  await expect.poll(status).toBe(202);
  slow[1]!.end(']');
  const [ended] = (await once(slow[1]!, 'response')) as [IncomingMessage];
  expect(ended.statusCode, 'an empty batch').toBe(400);
  await server.drained();
  expect(await status()).toBe(202);
});

test('a request that never ends is cut off, whether in its headers or in its body', async () => {
  const arrived: IncomingMessage[] = [];
  const server = await startHttpServer({
    config: { host: '127.0.0.1', port: 0 },
    logger: silentLogger,
    requestTimeoutMs: 300,
    handler: (received) => void arrived.push(received.resume()),
  });
  onTestFinished(() => server.close());
  const agent = new Agent();
  onTestFinished(() => agent.destroy());

  const slow = request(server.url, { method: 'POST', agent });
  slow.on('error', () => undefined);
  slow.write('[');
  const [cut] = (await once(slow, 'response')) as [IncomingMessage];
  expect(cut.statusCode).toBe(408);
  expect(arrived).toHaveLength(1);
  await expect.poll(() => arrived[0]?.destroyed).toBe(true);

  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /);
  expect(arrived).toHaveLength(1);
});
