// A dead letter of which a test changes what it is about.
import type { DeadLetter } from '../../server/broker/dead-letters.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { windowEvent } from '../fixtures/events.ts';

/** The letter `id` of `event`, which died after five tries. */
export function deadLetter(
  id: string,
  event: MetricEvent = windowEvent(0),
  changes: Partial<DeadLetter> = {},
): DeadLetter {
  return {
    id,
    eventId: event.id,
    eventType: event.type,
    runId: event.subject,
    attempts: 5,
    publishedAt: '2026-11-05T12:00:00.000Z',
    diedAt: '2026-11-05T12:01:21.000Z',
    error: 'cannot be stored',
    event,
    ...changes,
  };
}
