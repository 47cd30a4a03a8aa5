// Events and dead letters as messages of Pub/Sub, and what is read back from them.
import { expect, it } from 'vitest';
import {
  readEventMessage,
  toEventMessage,
} from '../../../server/broker/pubsub/event-message.server.ts';
import type { HeldMessage } from '../../../server/broker/pubsub/held-message.server.ts';
import {
  readLetterMessage,
  toLetterMessage,
} from '../../../server/broker/pubsub/letter-message.server.ts';
import { RUN_ID, finishedEvent, runEvents, windowEvent } from '../../fixtures/events.ts';

const PUBLISHED_AT = '2026-11-05T10:00:01.000Z';
const DIED_AT = '2026-11-05T10:02:00.000Z';

function held(data: Uint8Array, attributes: Record<string, string> = {}): HeldMessage {
  return { id: '17', data, attributes, publishedAt: PUBLISHED_AT, settle: () => undefined };
}

function letterOf(data: Uint8Array, error: string, attempts = 5) {
  const message = held(data, { 'ce-id': 'kept' });
  return toLetterMessage(message, { attempts, diedAt: DIED_AT, error });
}

it('reads every kind of event back as it was', () => {
  for (const event of runEvents(2)) {
    expect(readEventMessage(toEventMessage(event).data)).toEqual({ ok: true, event });
  }
});

it('says of an event what filters and BigQuery ask for, and keys it by its run', () => {
  expect(toEventMessage(finishedEvent())).toMatchObject({
    orderingKey: RUN_ID,
    attributes: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'ce-specversion': '1.0',
      'ce-id': `${RUN_ID}/1000000`,
      'ce-type': 'kinemark.run.finished.v1',
      'ce-source': '/devices/0197a000-0000-7000-8000-00000000d001',
      'ce-subject': RUN_ID,
      'ce-time': '2026-11-05T10:00:00.000Z',
    },
  });
});

it.each([
  ['no JSON', Buffer.from('{'), 'not JSON'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'not JSON in UTF-8'],
  ['nothing', Buffer.alloc(0), 'not JSON'],
  ['another thing', Buffer.from('[]'), 'no event'],
  ['a fault', Buffer.from(JSON.stringify({ ...windowEvent(0), time: 'noon' })), 'time: '],
])('says why a message is no event: %s', (_name, data, reason) => {
  expect(readEventMessage(data)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
});

it('reads a letter back: the event as it was, and how it died', () => {
  const event = windowEvent(0);
  const { data, attributes } = letterOf(toEventMessage(event).data, 'cannot be stored');
  expect(attributes).toEqual({
    'ce-id': 'kept',
    eventId: event.id,
    runId: RUN_ID,
    attempts: '5',
    publishedAt: PUBLISHED_AT,
    diedAt: DIED_AT,
    error: 'cannot be stored',
  });
  expect(readLetterMessage({ ...held(data, { ...attributes }), id: '18' })).toEqual({
    ok: true,
    letter: {
      id: '18',
      eventId: event.id,
      eventType: 'kinemark.run.window.v1',
      runId: RUN_ID,
      attempts: 5,
      publishedAt: PUBLISHED_AT,
      diedAt: DIED_AT,
      error: 'cannot be stored',
      event,
    },
  });
});

it('keeps an error within what an attribute may hold, and well-formed', () => {
  const limitBytes = 1024;
  for (const [error, characters] of [
    ['x'.repeat(600), 500],
    ['é'.repeat(600), 500],
    ['語'.repeat(600), 341],
    ['🦴'.repeat(600), 500],
  ] as const) {
    const { attributes } = letterOf(toEventMessage(windowEvent(0)).data, error);
    expect(attributes['error']).toBe(error.slice(0, characters));
    expect(Buffer.byteLength(attributes['error'] ?? '')).toBeLessThanOrEqual(limitBytes);
  }
});

it("reads the letters of Pub/Sub's own policy", () => {
  const event = windowEvent(0);
  const attributes = {
    ...toEventMessage(event).attributes,
    CloudPubSubDeadLetterSourceDeliveryCount: '100',
    CloudPubSubDeadLetterSourceSubscription: 'cv-metrics-worker',
    CloudPubSubDeadLetterSourceSubscriptionProject: 'kinemark',
    CloudPubSubDeadLetterSourceTopicPublishTime: '2026-11-05T09:00:00.123456+00:00',
  };
  expect(readLetterMessage(held(toEventMessage(event).data, attributes))).toMatchObject({
    ok: true,
    letter: {
      eventId: event.id,
      attempts: 100,
      publishedAt: '2026-11-05T09:00:00.123Z',
      diedAt: PUBLISHED_AT,
      error: 'the process ended during the delivery',
    },
  });
});

it('keeps an event that another version has made, and nothing that no version can have made', () => {
  const later = { ...windowEvent(0), type: 'kinemark.run.paused.v1', data: { since: 3 } };
  const data = Buffer.from(JSON.stringify(later));
  expect(readEventMessage(data).ok).toBe(false);
  expect(readLetterMessage(held(data, { error: 'refused' }))).toMatchObject({
    ok: true,
    letter: { eventId: later.id, eventType: later.type, event: later },
  });
  for (const stray of ['{', '[]', '{"id":"x"}', JSON.stringify({ ...later, type: 'other.v1' })]) {
    const letter = letterOf(Buffer.from(stray), 'refused', 0);
    expect(readLetterMessage(held(letter.data, { ...letter.attributes }))).toEqual({
      ok: false,
      reason: 'refused',
    });
  }
});
