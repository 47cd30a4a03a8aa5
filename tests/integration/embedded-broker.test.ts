// The embedded broker on a real SQLite file: delivery, leases, order, retries, dead letters.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Broker, EventHandler } from '../../server/broker/broker.server.ts';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { MAX_ATTEMPTS } from '../../server/broker/attempts.server.ts';
import { openMessageQueue } from '../../server/broker/message-queue.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { OTHER_RUN_ID, finishedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const LEASE_MS = 10_000;
/** Longer than any back-off. */
const PAST_ANY_BACK_OFF_MS = 61_000;

function setUp() {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const clock = { ms: 1_000_000 };
  const open = (): Broker => {
    const broker = createEmbeddedBroker({
      path,
      logger: silentLogger,
      now: () => clock.ms,
      leaseMs: LEASE_MS,
      pollMs: 5,
    });
    onTestFinished(() => broker.close().catch(() => {}));
    return broker;
  };
  return { path, clock, open };
}

/** Keeps the ids of each delivery. */
function recorder(): { handler: EventHandler; deliveries: string[][]; ids: () => string[] } {
  const deliveries: string[][] = [];
  return {
    deliveries,
    ids: () => deliveries.flat(),
    handler: async (events) => {
      deliveries.push(events.map((event) => event.id));
    },
  };
}

function idsOf(events: readonly MetricEvent[]): string[] {
  return events.map((event) => event.id);
}

test('what is published is delivered in order, acknowledged and gone', async () => {
  const broker = setUp().open();
  const events = [startedEvent(), windowEvent(0), windowEvent(1), finishedEvent()];
  await broker.publish(events);
  expect(await broker.depth()).toBe(4);

  const { handler, ids } = recorder();
  broker.consume(handler);

  await expect.poll(() => broker.depth()).toBe(0);
  expect(ids()).toEqual(idsOf(events));
});

test('a waiting consumer is woken by a publish, not by its poll', async () => {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const broker = createEmbeddedBroker({ path, logger: silentLogger, pollMs: 60_000 });
  onTestFinished(() => broker.close());
  const { handler, ids } = recorder();
  broker.consume(handler);
  await new Promise((resolve) => setTimeout(resolve, 20));

  await broker.publish([startedEvent()]);

  await expect.poll(ids).toHaveLength(1);
});

test('a delivered event is the event that was published', async () => {
  const broker = setUp().open();
  const received: MetricEvent[] = [];
  broker.consume(async (events) => {
    received.push(...events);
  });
  await broker.publish([finishedEvent()]);
  await expect.poll(() => received).toEqual([finishedEvent()]);
});

test('what is published survives closing and opening again', async () => {
  const { open } = setUp();
  const first = open();
  await first.publish([startedEvent(), windowEvent(0)]);
  await first.close();

  const second = open();
  expect(await second.depth()).toBe(2);
  const { handler, ids } = recorder();
  second.consume(handler);
  await expect.poll(ids).toEqual([startedEvent().id, windowEvent(0).id]);
});

test('publishing after closing rejects', async () => {
  const broker = setUp().open();
  await broker.close();
  await expect(broker.publish([startedEvent()])).rejects.toThrow();
});

test('a batch of which one event cannot be kept is not published at all', async () => {
  const broker = setUp().open();
  const unserialisable = { ...windowEvent(0), data: { value: 1n } } as unknown as MetricEvent;
  await expect(broker.publish([startedEvent(), unserialisable])).rejects.toThrow();
  expect(await broker.depth()).toBe(0);
});

test('stop waits for the delivery in progress and takes nothing more', async () => {
  const broker = setUp().open();
  let finish = () => {};
  const handler = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const consumer = broker.consume(handler);
  await broker.publish([startedEvent()]);
  await expect.poll(() => handler).toHaveBeenCalledOnce();

  let stopped = false;
  const stopping = consumer.stop().then(() => (stopped = true));
  await broker.publish([windowEvent(0)]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(stopped).toBe(false);

  finish();
  await stopping;
  expect(handler).toHaveBeenCalledOnce();
  expect(await broker.depth()).toBe(1);
});

test('a lease that runs out is taken again, and its late acknowledgement still counts', () => {
  const { path, clock } = setUp();
  const queue = openMessageQueue({ path, leaseMs: LEASE_MS, now: () => clock.ms });
  onTestFinished(() => queue.close());
  queue.put([startedEvent()]);

  const first = queue.take(10);
  expect(first.map((message) => message.attempt)).toEqual([1]);
  expect(queue.take(10)).toEqual([]);
  expect(queue.nextDueAt()).toBe(clock.ms + LEASE_MS);

  clock.ms += LEASE_MS;
  const second = queue.take(10);
  expect(second.map((message) => message.attempt)).toEqual([2]);

  queue.reject(first, 'too late: the lease is no longer mine');
  expect(queue.take(10)).toEqual([]);
  queue.acknowledge(first);
  expect(queue.depth()).toBe(0);
});

test('another consumer takes over from one that hangs', async () => {
  const { clock, open } = setUp();
  const broker = open();
  let release = () => {};
  const hang = vi.fn(() => new Promise<void>((resolve) => (release = resolve)));
  broker.consume(hang);
  await broker.publish([startedEvent()]);
  await expect.poll(() => hang).toHaveBeenCalledOnce();

  const { handler, ids } = recorder();
  broker.consume(handler);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(ids()).toEqual([]);

  clock.ms += LEASE_MS;
  await expect.poll(ids).toEqual([startedEvent().id]);
  release();
});

test('a failed event holds up its own run and no other', async () => {
  const { clock, open } = setUp();
  const broker = open();
  const { handler, ids } = recorder();
  let failures = 0;
  broker.consume(async (events) => {
    if (failures === 0) {
      failures += 1;
      throw new Error('the store is away');
    }
    await handler(events);
  });
  await broker.publish([startedEvent()]);
  await expect.poll(() => failures).toBe(1);
  await broker.publish([windowEvent(0), startedEvent({ runId: OTHER_RUN_ID })]);

  const other = startedEvent({ runId: OTHER_RUN_ID }).id;
  await expect.poll(ids).toEqual([other]);
  clock.ms += PAST_ANY_BACK_OFF_MS;
  await expect.poll(ids).toEqual([other, startedEvent().id, windowEvent(0).id]);
});

test('back-off grows with each failure', () => {
  const { path, clock } = setUp();
  const queue = openMessageQueue({ path, leaseMs: LEASE_MS, now: () => clock.ms });
  onTestFinished(() => queue.close());
  queue.put([startedEvent()]);

  const delaysMs = [];
  for (let failure = 1; failure < MAX_ATTEMPTS; failure++) {
    queue.reject(queue.take(1), 'no');
    const delayMs = (queue.nextDueAt() ?? 0) - clock.ms;
    delaysMs.push(delayMs);
    clock.ms += delayMs;
  }
  expect(delaysMs).toEqual([1000, 4000, 16_000, 60_000]);
});

test('a clock that is set back delays nothing for longer than a wait may last', () => {
  const { path, clock } = setUp();
  const queue = openMessageQueue({ path, leaseMs: LEASE_MS, now: () => clock.ms });
  onTestFinished(() => queue.close());
  const hourMs = 3_600_000;
  clock.ms += hourMs;
  queue.put([startedEvent(), windowEvent(0)]);
  queue.reject(queue.take(1), 'no');
  queue.put([startedEvent({ runId: OTHER_RUN_ID })]);

  clock.ms -= hourMs;
  const [retried] = queue.take(10);
  expect(retried).toMatchObject({ attempt: 2, event: { id: startedEvent().id } });
  queue.acknowledge([retried!]);
  expect(queue.take(10).map(({ event }) => event.id)).toEqual([
    windowEvent(0).id,
    startedEvent({ runId: OTHER_RUN_ID }).id,
  ]);
});

test('the depth is right whichever connection changes it', async () => {
  const { open } = setUp();
  const [one, other] = [open(), open()];
  await one.publish([startedEvent(), windowEvent(0)]);
  await other.publish([windowEvent(1)]);
  expect(await one.depth()).toBe(3);
  const { handler, ids } = recorder();
  other.consume(handler);
  await expect.poll(ids).toHaveLength(3);
  await expect.poll(() => one.depth()).toBe(0);
});

test('after five failures an event becomes a dead letter; its neighbours are delivered', async () => {
  const { path, clock, open } = setUp();
  const broker = open();
  const { handler, deliveries, ids } = recorder();
  const attempts = new Map<string, number>();
  broker.consume(async (events) => {
    for (const { id } of events) attempts.set(id, (attempts.get(id) ?? 0) + 1);
    if (events.some((event) => event.id === windowEvent(1).id)) {
      throw new Error('cannot be stored');
    }
    await handler(events);
  });
  await broker.publish([windowEvent(0), windowEvent(1), windowEvent(2)]);

  await vi.waitFor(
    async () => {
      clock.ms += PAST_ANY_BACK_OFF_MS;
      expect(await broker.depth()).toBe(0);
    },
    { timeout: 5000 },
  );

  expect(ids()).toEqual([windowEvent(0).id, windowEvent(2).id]);
  expect(deliveries).toHaveLength(2);
  expect(attempts.get(windowEvent(1).id)).toBe(MAX_ATTEMPTS);
  await broker.close();
  expect(readDeadLetters(path)).toEqual([
    { event_id: windowEvent(1).id, attempts: MAX_ATTEMPTS, error: 'cannot be stored' },
  ]);
});

test('an event during whose delivery the process ended five times becomes a dead letter', () => {
  const { path, clock } = setUp();
  const queue = openMessageQueue({ path, leaseMs: LEASE_MS, now: () => clock.ms });
  queue.put([startedEvent()]);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    expect(queue.take(1)).toHaveLength(1);
    clock.ms += LEASE_MS;
  }
  expect(queue.take(1)).toEqual([]);
  expect(queue.depth()).toBe(0);
  queue.close();
  expect(readDeadLetters(path)).toMatchObject([
    { event_id: startedEvent().id, error: 'the process ended during the delivery' },
  ]);
});

function readDeadLetters(path: string): unknown[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT event_id, attempts, error FROM dead_letters').all();
  database.close();
  return rows.map((row) => ({ ...row }));
}
