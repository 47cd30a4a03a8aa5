// The harness's own account of a schedule: what pages meant to store, what they had stored, and what the
// server said it has. It is kept outside of browser and server, so that it survives whatever kills these.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { keyOf, placeOf } from './event-key.ts';

/** An account by places (event-key.ts). */
export type Ledger = {
  /** A page is about to store this event. */
  intend(event: MetricEvent): void;
  /** The transaction with the event at `key` is complete: from here on it must not be lost. */
  commit(key: string): void;
  /** The page of this run has no database, as there was no room to make one: it can promise nothing. */
  forgo(runId: string): void;
  /** The server answered 202 to a request with these events. */
  accept(events: readonly MetricEvent[]): void;
  /** The store says that a write brought this many events that it did not know. */
  countNew(events: number): void;
  /** Something that must not happen was seen on the way. */
  complain(problem: string): void;
  readonly intended: ReadonlyMap<string, MetricEvent>;
  readonly committed: ReadonlySet<string>;
  /** Ids of runs. */
  readonly forgone: ReadonlySet<string>;
  readonly newEvents: number;
  readonly problems: readonly string[];
};

/** An empty account. */
export function createLedger(): Ledger {
  const intended = new Map<string, MetricEvent>();
  const committed = new Set<string>();
  const forgone = new Set<string>();
  const accepted = new Set<string>();
  const lastAccepted = new Map<string, number>();
  const problems: string[] = [];
  let newEvents = 0;

  return {
    intend(event) {
      intended.set(keyOf(event), event);
    },
    commit(key) {
      committed.add(key);
    },
    forgo(runId) {
      forgone.add(runId);
    },
    accept(events) {
      for (const event of events) {
        const { runId, what, rank } = placeOf(event);
        const key = keyOf(event);
        if (accepted.has(key)) continue;
        accepted.add(key);
        if (rank < (lastAccepted.get(runId) ?? -1)) {
          problems.push(
            `out of order: ${what} of run ${runId} arrived after what came later in it`,
          );
        }
        lastAccepted.set(runId, rank);
      }
    },
    countNew(events) {
      newEvents += events;
    },
    complain(problem) {
      problems.push(problem);
    },
    intended,
    committed,
    forgone,
    get newEvents() {
      return newEvents;
    },
    problems,
  };
}
