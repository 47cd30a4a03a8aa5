// An event as a message of Pub/Sub, and back. As CloudEvents' binding for Pub/Sub has it: the whole event is the
// data (structured mode), and its attributes are there once more, for filters and for BigQuery.
import { parseBatch } from '../../../src/lib/events/parse-batch.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { OutgoingMessage } from './topic-publisher.server.ts';

const CONTENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** What a message holds: an event, or why it is none. */
export type ReadMessage =
  | { readonly ok: true; readonly event: MetricEvent }
  | { readonly ok: false; readonly reason: string };

/** The events of a run share an ordering key, the run's id. */
export function toEventMessage(event: MetricEvent): OutgoingMessage {
  return {
    data: Buffer.from(JSON.stringify(event)),
    orderingKey: event.subject,
    attributes: {
      'content-type': CONTENT_TYPE,
      'ce-specversion': event.specversion,
      'ce-id': event.id,
      'ce-type': event.type,
      'ce-source': event.source,
      'ce-subject': event.subject,
      'ce-time': event.time,
    },
  };
}

/** Reads the data of a message. Does not throw on what is no event. */
export function readEventMessage(data: Uint8Array): ReadMessage {
  const value = parseJson(data);
  if (value === undefined) return { ok: false, reason: 'the message is not JSON in UTF-8' };
  const batch = parseBatch([value]);
  const [event] = batch.ok ? batch.events : [];
  if (event) return { ok: true, event };
  const [fault] = batch.ok ? [] : batch.faults;
  const place = fault?.path ? `${fault.path}: ` : '';
  return { ok: false, reason: `the message is no event: ${place}${fault?.message ?? ''}` };
}

/** The JSON value in the data of a message; undefined when it is none. */
export function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return undefined;
  }
}
