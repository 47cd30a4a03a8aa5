// From one end of a real Pub/Sub topic to the other: what is published arrives, in order, at least once.
import { describe, expect, test, vi } from 'vitest';
import type { EventHandler } from '../../server/broker/broker.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import {
  OTHER_RUN_ID,
  RUN_ID,
  finishedEvent,
  runEvents,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { createResources } from './google-resources.ts';
import { ARRIVAL, openConsumer, openPublisher, recorder, takeOff } from './pubsub-parts.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

async function setUp() {
  const google = freshGoogleConfig();
  await createResources(google);
  return { google, publisher: openPublisher(google) };
}

function idsOf(events: readonly MetricEvent[]): string[] {
  return events.map(({ id }) => id);
}

describe.skipIf(!hasEmulators).each(['stream', 'requests'] as const)('pulled by %s', (pullMode) => {
  test('delivers the events of each run in order, as they were', async () => {
    const { google, publisher } = await setUp();
    const { consumer } = openConsumer(google, { pullMode });
    const received: MetricEvent[] = [];
    consumer.consume(async (events) => void received.push(...events));
    const runs = [RUN_ID, OTHER_RUN_ID].map((runId) => runEvents(40, { runId }));
    for (let index = 0; index < 42; index += 6) {
      await Promise.all(runs.map((run) => publisher.publish(run.slice(index, index + 6))));
    }
    await vi.waitFor(() => expect(received).toHaveLength(84), ARRIVAL);
    for (const run of runs) {
      expect(received.filter(({ subject }) => subject === run[0]?.subject)).toEqual(run);
    }
  });

  test('hands events that arrive together over together', async () => {
    const { google, publisher } = await setUp();
    await publisher.publish(runEvents(100));
    const { deliveries, ids, handler } = recorder();
    openConsumer(google, { pullMode }).consumer.consume(handler);
    await vi.waitFor(() => expect(ids()).toHaveLength(102), ARRIVAL);
    const sizes = deliveries.map((delivered) => delivered.length);
    expect(Math.max(...sizes)).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64);
  });

  test('delivers a repeated publish twice', async () => {
    const { google, publisher } = await setUp();
    const { ids, handler } = recorder();
    openConsumer(google, { pullMode }).consumer.consume(handler);
    const events = [startedEvent(), windowEvent(0)];
    await publisher.publish(events);
    await publisher.publish(events);
    await vi.waitFor(() => expect(ids()).toHaveLength(4), ARRIVAL);
    expect(ids().toSorted()).toEqual([...idsOf(events), ...idsOf(events)].toSorted());
  });

  test('delivers again what a handler refused once, in order', async () => {
    const { google, publisher } = await setUp();
    const { ids, handler } = recorder();
    let failures = 1;
    openConsumer(google, { pullMode }).consumer.consume(async (events) => {
      if (failures-- > 0) throw new Error('the store is away');
      await handler(events);
    });
    const events = [startedEvent(), windowEvent(0), finishedEvent()];
    await publisher.publish(events);
    await vi.waitFor(() => expect(ids()).toEqual(idsOf(events)), ARRIVAL);
  });

  test('shares the work among consumers, each event taken by one', async () => {
    const { google, publisher } = await setUp();
    const { ids, handler } = recorder();
    const counts = [0, 0];
    for (const index of counts.keys()) {
      openConsumer(google, { pullMode }).consumer.consume(async (events) => {
        counts[index]! += events.length;
        await handler(events);
      });
    }
    const runIds = Array.from(
      { length: 30 },
      (_, index) => `0197a000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`,
    );
    // Until both have had some: which stream gets a run is Pub/Sub's decision.
    let published = 0;
    await vi.waitFor(async () => {
      for (const runId of runIds) {
        await publisher.publish([windowEvent(published, { runId })]);
      }
      published += 1;
      expect(Math.min(...counts)).toBeGreaterThan(0);
    }, ARRIVAL);
    await vi.waitFor(() => expect(ids()).toHaveLength(published * runIds.length), ARRIVAL);
    expect(new Set(ids()).size).toBe(published * runIds.length);
  });

  test('says which subscription is missing, and reads it once it is there', async () => {
    const google = freshGoogleConfig();
    const { consumer, log } = openConsumer(google, { pullMode });
    const { ids, handler } = recorder();
    consumer.consume(handler);
    const told = (variable: string) =>
      log.lines.some((line) =>
        JSON.stringify(line).includes(`set ${variable} to the subscription`),
      );
    await vi.waitFor(() => expect(told('PUBSUB_SUBSCRIPTION')).toBe(true), ARRIVAL);
    await vi.waitFor(() => expect(told('PUBSUB_DEAD_LETTER_SUBSCRIPTION')).toBe(true), ARRIVAL);
    await createResources(google);
    await openPublisher(google).publish([startedEvent()]);
    await vi.waitFor(() => expect(ids()).toEqual([startedEvent().id]), ARRIVAL);
  });

  // Once a stream has ended, the emulator is no judge of who gets its runs.
  test.runIf(pullMode === 'requests')(
    'stop ends the delivery in progress; the rest goes to others',
    async () => {
      const { google, publisher } = await setUp();
      const first = recorder();
      let finish = () => {};
      const handled = vi.fn<EventHandler>(async (events) => {
        await new Promise<void>((resolve) => (finish = resolve));
        await first.handler(events);
      });
      const consumer = openConsumer(google, { pullMode }).consumer.consume(handled);
      await publisher.publish([startedEvent()]);
      await vi.waitFor(() => expect(handled).toHaveBeenCalledOnce(), ARRIVAL);
      await publisher.publish([windowEvent(0), finishedEvent()]);
      const stopping = consumer.stop();
      finish();
      await stopping;
      expect(first.ids()).toEqual([startedEvent().id]);

      const second = recorder();
      openConsumer(google, { pullMode }).consumer.consume(second.handler);
      await vi.waitFor(
        () => expect(second.ids()).toEqual(idsOf([windowEvent(0), finishedEvent()])),
        ARRIVAL,
      );
    },
  );
});

test.skipIf(!hasEmulators)('publishes an event as a CloudEvent keyed by its run', async () => {
  const { google, publisher } = await setUp();
  const taken = takeOff(google, google.subscription);
  const event = startedEvent();
  await publisher.publish([event]);
  await vi.waitFor(() => expect(taken).toHaveLength(1), ARRIVAL);
  expect(taken[0]).toMatchObject({
    orderingKey: RUN_ID,
    attributes: { 'ce-id': event.id, 'ce-type': 'kinemark.run.started.v1' },
  });
  expect(JSON.parse(taken[0]?.data ?? '')).toEqual(event);
});

test.skipIf(!hasEmulators)('says which topic is missing, and how to name another', async () => {
  const publisher = openPublisher(freshGoogleConfig({ topic: 'not-there' }));
  await expect(publisher.publish([startedEvent()])).rejects.toThrow(
    /^the topic not-there does not exist in the project kinemark-\w+; .*PUBSUB_TOPIC/,
  );
});

test.skipIf(!hasEmulators)(
  'does not tell how many events wait, and rejects after its end',
  async () => {
    const { publisher } = await setUp();
    expect(await publisher.depth()).toBeNull();
    await publisher.close();
    await expect(publisher.publish([startedEvent()])).rejects.toThrow();
  },
);

test.skipIf(!hasEmulators)(
  'publishes nothing of a batch of which one event cannot be written',
  async () => {
    const { google, publisher } = await setUp();
    const taken = takeOff(google, google.subscription);
    const unserialisable = { ...windowEvent(0), data: { value: 1n } } as unknown as MetricEvent;
    await expect(publisher.publish([startedEvent(), unserialisable])).rejects.toThrow();
    await publisher.publish([finishedEvent()]);
    await vi.waitFor(() => expect(taken).toHaveLength(1), ARRIVAL);
    expect(taken[0]?.attributes['ce-id']).toBe(finishedEvent().id);
  },
);
