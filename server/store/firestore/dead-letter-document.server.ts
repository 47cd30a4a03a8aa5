// What Firestore keeps of an event that died. Pure.
import type { DeadLetter, DeadLetterEntry } from '../../broker/dead-letters.server.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';

/** `deadLetters/{id}`: the entry, and the event as JSON text. Times are ISO 8601 in UTC, so that text sorts. */
export type DeadLetterDocument = Omit<DeadLetterEntry, 'id'> & { readonly event: string };

/** What of a document is listed. */
export const ENTRY_FIELDS = [
  'eventId',
  'eventType',
  'runId',
  'attempts',
  'publishedAt',
  'diedAt',
  'error',
] as const satisfies readonly (keyof DeadLetterDocument)[];

/** What Firestore takes as an id, less what a person cannot type. */
const ID = /^(?!\.\.?$|__.*__$)[\w.~:-]{1,200}$/;

/** Whether there can be a dead letter with this id. */
export function isDeadLetterId(id: string): boolean {
  return ID.test(id);
}

/** As it is kept. */
export function toDocument({ id: _, event, ...entry }: DeadLetter): DeadLetterDocument {
  // An error may quote half a character, which Firestore refuses.
  return { ...entry, error: entry.error.toWellFormed(), event: JSON.stringify(event) };
}

/** As it is listed. */
export function toEntry(id: string, document: Omit<DeadLetterDocument, 'event'>): DeadLetterEntry {
  const { eventId, eventType, runId, attempts, publishedAt, diedAt, error } = document;
  return { id, eventId, eventType, runId, attempts, publishedAt, diedAt, error };
}

/** With its event, which was parsed before it died. */
export function toDeadLetter(id: string, document: DeadLetterDocument): DeadLetter {
  return { ...toEntry(id, document), event: JSON.parse(document.event) as MetricEvent };
}
