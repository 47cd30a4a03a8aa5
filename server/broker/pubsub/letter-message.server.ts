// A dead letter as a message of the dead-letter topic, and back: the event as it came, and attributes that say
// how it died. Pub/Sub's own dead-letter policy makes letters too, with attributes of its own.
import * as v from 'valibot';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { MAX_ERROR_CHARACTERS, PROCESS_ENDED } from '../attempts.server.ts';
import type { DeadLetter } from '../dead-letters.server.ts';
import { parseJson } from './event-message.server.ts';
import type { Death, HeldMessage } from './held-message.server.ts';
import type { OutgoingMessage } from './topic-publisher.server.ts';

/** Pub/Sub's limit for the value of an attribute, in UTF-8. */
const MAX_ATTRIBUTE_BYTES = 1024;

/** What a letter holds, or why it cannot be kept. */
export type ReadLetter =
  | { readonly ok: true; readonly letter: DeadLetter }
  | { readonly ok: false; readonly reason: string };

/**
 * What makes an event one that a publisher of ours can have made, of whatever version: one that this version
 * refuses has to be kept for another.
 */
const anyVersion = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}\/\d{1,9}$/)),
  subject: v.pipe(v.string(), v.uuid()),
  type: v.pipe(v.string(), v.regex(/^kinemark\.[\w.]{1,100}$/)),
});

/** The letter of a message that was given up. */
export function toLetterMessage(
  { data, attributes, publishedAt }: HeldMessage,
  { attempts, diedAt, error }: Death,
): OutgoingMessage {
  const known = readAnyVersion(data);
  return {
    data,
    attributes: {
      ...attributes,
      ...(known && { eventId: known.id, runId: known.subject }),
      attempts: String(attempts),
      publishedAt,
      diedAt,
      error: shorten(error),
    },
  };
}

/** Reads a message of the dead-letter topic. Does not throw on what is no letter. */
export function readLetterMessage({ id, data, attributes, publishedAt }: HeldMessage): ReadLetter {
  const known = readAnyVersion(data);
  if (known === undefined) {
    return { ok: false, reason: attributes['error'] ?? 'the message is no event' };
  }
  const entry = {
    id,
    eventId: known.id,
    // Shown as it is where this version does not know it.
    eventType: known.type as MetricEvent['type'],
    runId: known.subject,
    event: known as unknown as MetricEvent,
  };
  return { ok: true, letter: { ...entry, ...readDeath(attributes, publishedAt) } };
}

/** As we wrote it, or as Pub/Sub did. */
function readDeath(
  attributes: HeldMessage['attributes'],
  letterPublishedAt: string,
): Death & { readonly publishedAt: string } {
  const { attempts, error = PROCESS_ENDED, diedAt = letterPublishedAt, publishedAt } = attributes;
  const isOurs = attempts !== undefined;
  const deliveries = isOurs ? attempts : attributes['CloudPubSubDeadLetterSourceDeliveryCount'];
  const acceptedAt = isOurs
    ? publishedAt
    : attributes['CloudPubSubDeadLetterSourceTopicPublishTime'];
  return {
    attempts: readCount(deliveries),
    publishedAt: readTime(acceptedAt) ?? letterPublishedAt,
    diedAt: readTime(diedAt) ?? letterPublishedAt,
    error,
  };
}

function readAnyVersion(data: Uint8Array): v.InferOutput<typeof anyVersion> | undefined {
  const parsed = v.safeParse(anyVersion, parseJson(data));
  return parsed.success ? parsed.output : undefined;
}

function readCount(text = ''): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** In ms, as everywhere else: Pub/Sub's own times have nanoseconds. */
function readTime(text = ''): string | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function shorten(error: string): string {
  const bytes = Buffer.from(error.slice(0, MAX_ERROR_CHARACTERS).toWellFormed());
  // A character that is cut in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, MAX_ATTRIBUTE_BYTES), { stream: true });
}
