// The dead letters of the embedded broker: the other table of the queue's database. Synchronous; which
// events die, and when, is the queue's decision.
import type { DatabaseSync } from 'node:sqlite';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { inTransaction } from '../sqlite/transaction.server.ts';
import type {
  DeadLetter,
  DeadLetterChange,
  DeadLetterChoice,
  DeadLetterEntry,
} from './dead-letters.server.ts';

/** The contract of `DeadLetters`, without waiting: each change commits before it returns. */
export type DeadLetterBox = {
  count(): number;
  list(limit: number): readonly DeadLetterEntry[];
  get(id: string): DeadLetter | null;
  replay(choice: DeadLetterChoice): DeadLetterChange;
  drop(choice: DeadLetterChoice): DeadLetterChange;
};

/** As `id` is written: a number of SQLite's that JavaScript holds exactly. */
const ID = /^[1-9]\d{0,14}$/;

const COLUMNS = `
  seq, event_id, run_id, json_extract(payload, '$.type') AS event_type, published_at, attempts,
  died_at, error`;

/** Reads and moves dead letters in `database`, whose schema is up to date. */
export function createDeadLetterBox(database: DatabaseSync): DeadLetterBox {
  const selectCount = database.prepare('SELECT dead_letters AS total FROM queue_totals');
  const selectNewest = database.prepare(
    `SELECT ${COLUMNS} FROM dead_letters ORDER BY died_at DESC, seq DESC LIMIT ?`,
  );
  const selectOne = database.prepare(`SELECT ${COLUMNS}, payload FROM dead_letters WHERE seq = ?`);
  const isThere = database.prepare('SELECT 1 FROM dead_letters WHERE seq = ?');
  const selectSeqs = database.prepare('SELECT seq FROM dead_letters ORDER BY seq');
  // At the end of the queue, as a new message that is due at once, with attempts of its own.
  const requeue = database.prepare(
    `INSERT INTO messages (event_id, run_id, payload, published_at, available_at)
     SELECT event_id, run_id, payload, published_at, 0 FROM dead_letters WHERE seq = ?`,
  );
  const remove = database.prepare('DELETE FROM dead_letters WHERE seq = ?');

  /** All chosen ones or none. */
  function change(choice: DeadLetterChoice, act: (seq: number) => void): DeadLetterChange {
    return inTransaction(database, () => {
      const ids = choice === 'all' ? selectSeqs.all().map(seqText) : [...new Set(choice)];
      const unknownIds = ids.filter((id) => !ID.test(id) || isThere.get(Number(id)) === undefined);
      if (unknownIds.length > 0) return { changed: 0, unknownIds };
      // Oldest first, so that the events of a run keep their order.
      const seqs = ids.map(Number).sort((a, b) => a - b);
      for (const seq of seqs) act(seq);
      return { changed: seqs.length, unknownIds };
    });
  }

  return {
    count: () => Number(selectCount.get()?.['total']),

    list: (limit) => selectNewest.all(limit).map(toEntry),

    get(id) {
      const row = ID.test(id) ? selectOne.get(Number(id)) : undefined;
      if (row === undefined) return null;
      return { ...toEntry(row), event: JSON.parse(String(row['payload'])) as MetricEvent };
    },

    replay: (choice) =>
      change(choice, (seq) => {
        requeue.run(seq);
        remove.run(seq);
      }),

    drop: (choice) => change(choice, (seq) => void remove.run(seq)),
  };
}

function seqText(row: Record<string, unknown>): string {
  return String(row['seq']);
}

function toEntry(row: Record<string, unknown>): DeadLetterEntry {
  return {
    id: seqText(row),
    eventId: String(row['event_id']),
    // Only events that were parsed get into the queue.
    eventType: String(row['event_type']) as MetricEvent['type'],
    runId: String(row['run_id']),
    attempts: Number(row['attempts']),
    publishedAt: new Date(Number(row['published_at'])).toISOString(),
    diedAt: new Date(Number(row['died_at'])).toISOString(),
    error: String(row['error']),
  };
}
