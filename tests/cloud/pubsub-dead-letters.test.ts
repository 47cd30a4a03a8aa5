// What no delivery can hand over leaves the subscription by way of the dead-letter topic and ends at the writer.
// The rests between five attempts are real here: 81 s.
import { expect, test, vi } from 'vitest';
import { MAX_ATTEMPTS } from '../../server/broker/attempts.server.ts';
import { OTHER_RUN_ID, RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { createResources } from './google-resources.ts';
import {
  ARRIVAL,
  openClient,
  openConsumer,
  openPublisher,
  recorder,
  takeOff,
} from './pubsub-parts.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

/** Five attempts with their rests, and as long again for a busy machine. */
const BURIAL = { timeout: 170_000, interval: 200 };
const BURIAL_LIMIT_MS = 180_000;

test.skipIf(!hasEmulators)(
  'a poison event becomes a dead letter after five attempts; its neighbours are delivered',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    const publisher = openPublisher(google);
    const { consumer, letters } = openConsumer(google);
    const { ids, handler } = recorder();
    const poison = windowEvent(0);
    let attempts = 0;
    consumer.consume(async (events) => {
      if (events.some(({ id }) => id === poison.id)) {
        attempts += 1;
        throw new Error('cannot be stored');
      }
      await handler(events);
    });
    const other = startedEvent({ runId: OTHER_RUN_ID });
    await publisher.publish([startedEvent(), poison, windowEvent(1), other]);

    await vi.waitFor(() => expect(letters).toHaveLength(1), BURIAL);
    expect(letters[0]).toMatchObject({
      eventId: poison.id,
      eventType: poison.type,
      runId: RUN_ID,
      attempts: MAX_ATTEMPTS,
      error: 'cannot be stored',
      event: poison,
    });
    const { publishedAt, diedAt } = letters[0]!;
    expect(Date.parse(diedAt)).toBeGreaterThan(Date.parse(publishedAt));
    await vi.waitFor(() => expect(ids()).toHaveLength(3), ARRIVAL);
    expect(ids().toSorted()).toEqual([startedEvent().id, windowEvent(1).id, other.id].toSorted());
    expect(attempts).toBe(MAX_ATTEMPTS);

    // What died is gone from the subscription, and the letter from its own.
    await consumer.close();
    const left = [
      takeOff(google, google.subscription),
      takeOff(google, google.deadLetterSubscription),
    ];
    await publisher.publish([windowEvent(2)]);
    await vi.waitFor(() => expect(left[0]).not.toEqual([]), ARRIVAL);
    expect(left[0]?.map(({ attributes }) => attributes['ce-id'])).toEqual([windowEvent(2).id]);
    expect(left[1]).toEqual([]);
  },
  BURIAL_LIMIT_MS,
);

test.skipIf(!hasEmulators)(
  'what is no event goes to the dead-letter topic as it came',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    const client = openClient(google);
    const [watch] = await client.topic(google.deadLetterTopic).createSubscription('watch');
    const taken = takeOff(google, watch.name);
    const { consumer, letters, log } = openConsumer(google);
    const { ids, handler } = recorder();
    consumer.consume(handler);
    const topic = client.topic(google.topic, { messageOrdering: true });
    const stray = { data: Buffer.from('{"hello":'), attributes: { from: 'a stranger' } };
    await topic.publishMessage({ ...stray, orderingKey: RUN_ID });
    await openPublisher(google).publish([startedEvent()]);

    // It does not hold up what comes behind it with the same key.
    await vi.waitFor(() => expect(ids()).toEqual([startedEvent().id]), ARRIVAL);
    await vi.waitFor(() => expect(taken).toHaveLength(1), ARRIVAL);
    expect(taken[0]).toMatchObject({
      data: '{"hello":',
      attributes: { from: 'a stranger', attempts: '0', error: 'the message is not JSON in UTF-8' },
    });
    // No store has a place for it, so it is told, and does not come again.
    const told = () => log.lines.filter(({ msg }) => msg === 'a stray message is dropped');
    await vi.waitFor(() => expect(told()).toHaveLength(1), ARRIVAL);
    expect(told()[0]).toMatchObject({ payload: '{"hello":', bytes: 9 });
    expect(letters).toEqual([]);
  },
);

test.skipIf(!hasEmulators)('an event of another version is kept, whole', async () => {
  const google = freshGoogleConfig();
  await createResources(google);
  const { consumer, letters } = openConsumer(google);
  consumer.consume(async () => undefined);
  const later = { ...windowEvent(0), type: 'kinemark.run.paused.v1', data: { since: 3 } };
  await openClient(google).topic(google.topic).publishMessage({ json: later });
  await vi.waitFor(() => expect(letters).toHaveLength(1), ARRIVAL);
  expect(letters[0]).toMatchObject({
    eventId: later.id,
    eventType: 'kinemark.run.paused.v1',
    attempts: 0,
    event: later,
  });
  expect(letters[0]?.error).toContain('type');
});

test.skipIf(!hasEmulators)('a letter that cannot be kept comes again until it is', async () => {
  const google = freshGoogleConfig();
  await createResources(google);
  let failures = 1;
  const { consumer, letters } = openConsumer(google, {
    writer: {
      async put() {
        if (failures-- > 0) throw new Error('the store is away');
      },
    },
  });
  consumer.consume(async () => undefined);
  const event = windowEvent(0);
  // As Pub/Sub's own policy writes it.
  const attributes = {
    CloudPubSubDeadLetterSourceDeliveryCount: '100',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2026-11-05T09:00:00.123456+00:00',
  };
  const topic = openClient(google).topic(google.deadLetterTopic);
  const id = await topic.publishMessage({ json: event, attributes });
  await vi.waitFor(() => expect(letters).toHaveLength(1), ARRIVAL);
  expect(failures).toBe(-1);
  expect(letters[0]).toMatchObject({
    id,
    eventId: event.id,
    attempts: 100,
    publishedAt: '2026-11-05T09:00:00.123Z',
    error: 'the process ended during the delivery',
  });
});

test.skipIf(!hasEmulators)(
  'without its topic a stray message stays in the subscription',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    const client = openClient(google);
    await client.topic(google.deadLetterTopic).delete();
    const { consumer, log } = openConsumer(google);
    const { ids, handler } = recorder();
    consumer.consume(handler);
    await client.topic(google.topic).publishMessage({ data: Buffer.from('stray') });
    const told = () => log.lines.find(({ msg }) => msg === 'an event cannot be put aside');
    await vi.waitFor(() => expect(told()).toBeDefined(), ARRIVAL);
    expect(JSON.stringify(told())).toContain('PUBSUB_DEAD_LETTER_TOPIC');
    await openPublisher(google).publish([startedEvent()]);
    await vi.waitFor(() => expect(ids()).toEqual([startedEvent().id]), ARRIVAL);

    await consumer.close();
    const taken = takeOff(google, google.subscription);
    await vi.waitFor(() => expect(taken.map(({ data }) => data)).toEqual(['stray']), ARRIVAL);
  },
);
