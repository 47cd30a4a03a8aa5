// What an event tells, apart from the number that it happens to have.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';

/** Of one run at most one event tells each of these. */
export type EventPlace = {
  readonly runId: string;
  /** `started`, `window 3`, `finished` or `interrupted`. */
  readonly what: string;
  /** Position in its run: events of a run arrive by ascending rank. */
  readonly rank: number;
};

/** After every window. */
const LAST_RANK = Number.MAX_SAFE_INTEGER;

/** Where in which run an event belongs. */
export function placeOf(event: MetricEvent): EventPlace {
  const runId = event.subject;
  switch (event.type) {
    case 'kinemark.run.started.v1':
      return { runId, what: 'started', rank: 0 };
    case 'kinemark.run.window.v1':
      return { runId, what: `window ${event.data.index}`, rank: event.data.index + 1 };
    case 'kinemark.run.finished.v1':
      return { runId, what: 'finished', rank: LAST_RANK };
    case 'kinemark.run.interrupted.v1':
      return { runId, what: 'interrupted', rank: LAST_RANK };
  }
}

/** The place as one text, the same for the same place only. */
export function keyOf(event: MetricEvent): string {
  const { runId, what } = placeOf(event);
  return `${runId} ${what}`;
}
