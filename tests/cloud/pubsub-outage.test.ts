// Pub/Sub is away, slow or empty for a while: publishing rejects in time, and both ends go on by themselves.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { PUBLISH_LIMIT_MS } from '../../server/broker/pubsub/topic-publisher.server.ts';
import type { EventPublisher } from '../../server/broker/broker.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { finishedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { findEmulators, startEmulators } from './google-emulators.ts';
import { createResources } from './google-resources.ts';
import { ARRIVAL, openConsumer, openPublisher, recorder } from './pubsub-parts.ts';
import { startProxy, type PubSubProxy } from './pubsub-proxy.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

/** Far beyond the limit, and far below the minutes that the library would try. */
const WAITING_LIMIT_MS = 3 * PUBLISH_LIMIT_MS;
const OUTAGE_LIMIT_MS = 240_000;

/** A proxy to the emulator, for all clients that are opened in this test. */
async function throughProxy(target: string): Promise<PubSubProxy> {
  const proxy = await startProxy(target);
  const direct = process.env['PUBSUB_EMULATOR_HOST'];
  process.env['PUBSUB_EMULATOR_HOST'] = proxy.host;
  onTestFinished(() => void (process.env['PUBSUB_EMULATOR_HOST'] = direct));
  return proxy;
}

/** Publishes; rejects as the publisher does, or resolves when it does not end at all. */
function publishInTime(publisher: EventPublisher, events: readonly MetricEvent[]) {
  const waiting = sleep(WAITING_LIMIT_MS, 'still waiting', { ref: false });
  return Promise.race([publisher.publish(events), waiting]);
}

test.skipIf(!hasEmulators)('rejects where nobody listens', async () => {
  const proxy = await throughProxy(inject('emulators')?.pubsubHost ?? '');
  await proxy.refuse();
  await expect(
    publishInTime(openPublisher(freshGoogleConfig()), [startedEvent()]),
  ).rejects.toThrow();
});

test.skipIf(!hasEmulators)(
  'an emulator that stops, and one that starts at its address with nothing in it',
  async () => {
    const files = await findEmulators();
    if ('missing' in files) throw new Error(files.missing);
    const first = await startEmulators(files);
    onTestFinished(() => first.stop());
    const proxy = await throughProxy(first.pubsubHost);
    const projects = await Promise.all(
      (['stream', 'requests'] as const).map(async (pullMode) => {
        const google = freshGoogleConfig();
        await createResources(google);
        const publisher = openPublisher(google);
        const { ids, handler } = recorder();
        openConsumer(google, { pullMode }).consumer.consume(handler);
        await publisher.publish([startedEvent()]);
        await vi.waitFor(() => expect(ids()).toEqual([startedEvent().id]), ARRIVAL);
        return { google, publisher, ids };
      }),
    );
    const { publisher } = projects[0]!;

    await proxy.refuse();
    await first.stop();
    await expect(publishInTime(publisher, [windowEvent(0)])).rejects.toThrow();
    await expect(publishInTime(publisher, [windowEvent(0)])).rejects.toThrow();

    const second = await startEmulators(files);
    onTestFinished(() => second.stop());
    proxy.passTo(second.pubsubHost);
    await proxy.listen();
    // The consumers meet a Pub/Sub without their subscriptions, which ends a stream for good.
    await vi.waitFor(
      () => expect(publisher.publish([windowEvent(1)])).rejects.toThrow('does not exist'),
      ARRIVAL,
    );
    for (const { google } of projects) await createResources(google);
    for (const each of projects) {
      await vi.waitFor(() => each.publisher.publish([windowEvent(2)]), ARRIVAL);
      await vi.waitFor(() => expect(each.ids()).toContain(windowEvent(2).id), ARRIVAL);
    }
  },
  OUTAGE_LIMIT_MS,
);

test.skipIf(!hasEmulators)('a run goes on after a publish of it has failed', async () => {
  const proxy = await throughProxy(inject('emulators')?.pubsubHost ?? '');
  const google = freshGoogleConfig();
  await createResources(google);
  const publisher = openPublisher(google);
  const { ids, handler } = recorder();
  openConsumer(google).consumer.consume(handler);
  await publisher.publish([startedEvent()]);
  proxy.stall();
  const refused = [
    publishInTime(publisher, [windowEvent(0)]),
    publishInTime(publisher, [windowEvent(1)]),
  ];
  for (const publish of refused) await expect(publish).rejects.toThrow();
  proxy.flow();
  const again = [windowEvent(0), windowEvent(1), finishedEvent()];
  await vi.waitFor(() => publisher.publish(again), ARRIVAL);
  const wanted = [startedEvent(), ...again].map(({ id }) => id);
  await vi.waitFor(
    () => expect([...new Set(ids())].toSorted()).toEqual(wanted.toSorted()),
    ARRIVAL,
  );
});

test.skipIf(!hasEmulators)('holds a bounded amount while nothing comes through', async () => {
  const proxy = await throughProxy(inject('emulators')?.pubsubHost ?? '');
  const google = freshGoogleConfig();
  await createResources(google);
  const publisher = openPublisher(google);
  await publisher.publish([startedEvent()]);
  proxy.stall();
  const batch = Array.from({ length: 500 }, (_, index) => windowEvent(index));
  const reasons: string[] = [];
  const publishes = Array.from({ length: 70 }, () =>
    publishInTime(publisher, batch).catch((error: unknown) => reasons.push(String(error))),
  );
  await sleep(0);
  const atOnce = reasons.filter((reason) => reason.includes('slower than events arrive'));
  expect(atOnce.length).toBeGreaterThan(0);
  expect(atOnce.length).toBeLessThan(70);
  await Promise.all(publishes);
  expect(reasons).toHaveLength(70);
  proxy.flow();
  await vi.waitFor(() => publisher.publish([finishedEvent()]), ARRIVAL);
});
