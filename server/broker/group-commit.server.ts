// Publishes that come in the same turn of the event loop share one transaction, and with it one wait for the
// disk. While that is written others arrive: the more there are, the fewer transactions each takes.
import { setImmediate } from 'node:timers';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';

/** Gathers events until the end of the turn. */
export type GroupCommit = {
  /** Resolves when the events are committed. Rejects when they are not, with all that shared the transaction. */
  put(events: readonly MetricEvent[]): Promise<void>;
  /** Events gathered and not yet committed. */
  waiting(): number;
  /** Commits now what was gathered. */
  flush(): void;
};

type Put = {
  readonly events: readonly MetricEvent[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
};

/** Commits with `commit`, which stores all of its events before it returns, or throws and stores none. */
export function createGroupCommit(commit: (events: readonly MetricEvent[]) => void): GroupCommit {
  let group: Put[] = [];
  let waiting = 0;

  function flush(): void {
    if (group.length === 0) return;
    const puts = group;
    group = [];
    waiting = 0;
    try {
      commit(puts.flatMap(({ events }) => events));
    } catch (cause) {
      for (const { reject } of puts) reject(cause);
      return;
    }
    for (const { resolve } of puts) resolve();
  }

  return {
    put(events) {
      return new Promise((resolve, reject) => {
        if (group.length === 0) setImmediate(flush);
        group.push({ events, resolve, reject });
        waiting += events.length;
      });
    },
    waiting: () => waiting,
    flush,
  };
}
