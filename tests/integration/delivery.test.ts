// The uploader in front of the real ingest and its durable queue: what one sends the other understands.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createIngest } from '../../server/ingest/ingest.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { sendBatch } from '../../src/lib/events/send-batch.ts';
import { createUploader } from '../../src/lib/events/uploader.ts';
import { startedEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { MemoryOutbox } from '../unit/events/memory-outbox.ts';
import { eventsOf, runId } from '../unit/events/sent-batches.ts';
import { silentLogger } from './silent-logger.ts';

function setUp(maxQueueDepthEvents: number) {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const broker = createEmbeddedBroker({ path, logger: silentLogger });
  const ingest = createIngest({ publisher: broker, logger: silentLogger, maxQueueDepthEvents });
  const statuses: number[] = [];
  const outbox = new MemoryOutbox();
  const uploader = createUploader({
    outbox,
    send: (events, options) =>
      sendBatch('http://localhost/metrics', events, {
        ...options,
        fetch: async (input, init) => {
          const response = await ingest.handle(new Request(input, init));
          statuses.push(response.status);
          return response;
        },
      }),
    exclusively: (work) => work(),
    now: () => 0,
    random: () => 1,
  });
  onTestFinished(() => {
    uploader.stop();
    return broker.close();
  });
  return { broker, outbox, uploader, statuses };
}

test('events of several runs arrive, in batches that the server takes', async () => {
  const { broker, outbox, uploader, statuses } = setUp(1_000_000);
  const events = [1, 2, 3, 4].flatMap((run) => eventsOf(run, 300));
  outbox.add(...events);
  await uploader.flush();
  expect(uploader.state).toEqual({ kind: 'idle' });
  expect(outbox.entries).toEqual([]);
  expect(outbox.rejected).toEqual([]);
  expect(await broker.depth()).toBe(events.length);
  expect(new Set(statuses)).toEqual(new Set([202]));
});

test('faulty events are set aside with what the server says of each, and no other', async () => {
  const { broker, outbox, uploader } = setUp(1_000_000);
  const bad: readonly MetricEvent[] = Array.from({ length: 45 }, (_, run) =>
    startedEvent({ runId: runId(run), data: { plannedFrames: -1 } }),
  );
  const good = eventsOf(100, 30);
  outbox.add(...bad.slice(0, 20), ...good, ...bad.slice(20));
  await uploader.flush();
  expect(outbox.entries).toEqual([]);
  expect(outbox.rejected.map(({ event }) => event)).toEqual(bad);
  for (const { reason } of outbox.rejected) expect(reason).toMatch(/^data\.plannedFrames: /);
  expect(await broker.depth()).toBe(good.length);
});

test('an event that is too large for every server is set aside by itself', async () => {
  const { broker, outbox, uploader } = setUp(1_000_000);
  const [giant] = eventsOf(1, 1, 500_000);
  outbox.add(giant!, ...eventsOf(2, 3));
  await uploader.flush();
  expect(outbox.rejected).toMatchObject([
    { event: giant, reason: expect.stringMatching(/^HTTP 413: /) },
  ]);
  expect(await broker.depth()).toBe(3);
});

test('a full queue is left alone for as long as the server asks', async () => {
  const { outbox, uploader, statuses } = setUp(0);
  outbox.add(...eventsOf(1, 3));
  await uploader.flush();
  expect(statuses).toEqual([503]);
  expect(outbox.entries).toHaveLength(3);
  expect(uploader.state).toEqual({
    kind: 'waiting',
    reason: 'HTTP 503: Too many events are waiting. Send the batch again later.',
    // Five seconds, and the jitter of a first failure.
    retryAtMs: 5500,
  });
});
