// The durable queue under the embedded broker: leases, attempts and dead letters in one SQLite
// file. Synchronous and passive; waking, waiting and calling handlers is the broker's part.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { openDatabase } from '../sqlite/open-database.server.ts';
import { inTransaction } from '../sqlite/transaction.server.ts';
import {
  MAX_ATTEMPTS,
  MAX_BACK_OFF_MS,
  MAX_ERROR_CHARACTERS,
  PROCESS_ENDED,
  backOffMs,
} from './attempts.server.ts';
import { brokerMigrations } from './broker-migrations.server.ts';
import { createDeadLetterBox, type DeadLetterBox } from './dead-letter-box.server.ts';

/** Which messages are to be put aside. With INDEXED BY, SQLite refuses to look through the whole queue instead. */
const EXHAUSTED = `
  INDEXED BY messages_exhausted WHERE attempts >= ${MAX_ATTEMPTS} AND available_at <= :now`;

/** Of a new message: due whatever the clock says. */
const AT_ONCE = 0;

/** A parameter that is a JSON array of numbers, as a set. */
const LISTED = '(SELECT value FROM json_each(?))';

/** Without its first part, which the index repeats, SQLite would not use the index. */
const WAITING = `INDEXED BY messages_waiting WHERE available_at > ${AT_ONCE} AND available_at`;

/** One delivery of an event. `attempt` counts from 1 and identifies the lease. */
export type Message = {
  readonly seq: number;
  readonly attempt: number;
  readonly event: MetricEvent;
};

/** A queue whose every method commits before it returns, and throws when it cannot. */
export type MessageQueue = {
  put(events: readonly MetricEvent[]): void;
  /** Leases the oldest due events, `limit` at most. */
  take(limit: number): readonly Message[];
  /** Forgets what was handled, whoever holds its lease by now. */
  acknowledge(messages: readonly Message[]): void;
  /** Ends the leases with a back-off; returns how many events became dead letters. */
  reject(messages: readonly Message[], reason: string): number;
  depth(): number;
  readonly deadLetters: DeadLetterBox;
  /** When the next lease or back-off ends, by the queue's clock; null when there is none. */
  nextDueAt(): number | null;
  close(): void;
};

/** Where a queue lives and how it tells the time. */
export type MessageQueueOptions = {
  /** The database file. */
  readonly path: string;
  /** How long a delivery may take before the event is delivered again. */
  readonly leaseMs: number;
  /** Unix time in ms; may jump. Read once a transaction, so that its statements agree. */
  readonly now: () => number;
};

/** Opens or creates the queue. Throws as `openDatabase` does. */
export function openMessageQueue({ path, leaseMs, now }: MessageQueueOptions): MessageQueue {
  const database = openDatabase(path, brokerMigrations);

  /** Nothing waits longer, unless the clock was set back since. */
  const longestWaitMs = Math.max(leaseMs, MAX_BACK_OFF_MS);

  const insert = database.prepare(
    `INSERT INTO messages (event_id, run_id, payload, published_at, available_at)
     VALUES (?, ?, ?, ?, ?)`,
  );
  // An event waits while an earlier one of its run is leased or backing off. The unary plus keeps
  // SQLite from sorting by the index on available_at: walking by seq ends at the limit.
  const selectDue = database.prepare(
    `WITH held_up AS (SELECT run_id, min(seq) AS from_seq FROM messages ${WAITING} > :now GROUP BY run_id)
     SELECT seq, attempts, payload FROM messages LEFT JOIN held_up USING (run_id)
     WHERE +available_at <= :now AND (from_seq IS NULL OR seq < from_seq)
     ORDER BY seq LIMIT :limit`,
  );
  // Many rows by one statement: it costs less than one for each.
  const lease = database.prepare(
    `UPDATE messages SET attempts = attempts + 1, available_at = ? WHERE seq IN ${LISTED}`,
  );
  const remove = database.prepare(`DELETE FROM messages WHERE seq IN ${LISTED}`);
  // The attempt identifies the lease: one that ran out and was taken again is no longer ours.
  const backOff = database.prepare(
    'UPDATE messages SET available_at = ?, last_error = ? WHERE seq = ? AND attempts = ?',
  );
  const endWaitsBeyond = database.prepare(
    `UPDATE messages SET available_at = :now WHERE seq IN (
       SELECT seq FROM messages ${WAITING} > :now + :longestWaitMs)`,
  );
  const copyExhausted = database.prepare(
    `INSERT INTO dead_letters
     SELECT seq, event_id, run_id, payload, published_at, attempts, :now,
            coalesce(last_error, '${PROCESS_ENDED}')
     FROM messages ${EXHAUSTED}`,
  );
  const removeExhausted = database.prepare(`DELETE FROM messages ${EXHAUSTED}`);
  const selectDepth = database.prepare('SELECT messages AS depth FROM queue_totals');
  const selectNextDue = database.prepare(
    `SELECT min(available_at) AS dueAt FROM messages ${WAITING} > ?`,
  );

  /** A time for both statements: what one sees as exhausted and the other not would be lost, or there twice. */
  function buryExhausted(at: number): number {
    const buried = copyExhausted.run({ now: at }).changes;
    if (buried === 0) return 0;
    removeExhausted.run({ now: at });
    return Number(buried);
  }

  return {
    put(events) {
      inTransaction(database, () => {
        const at = now();
        for (const event of events) {
          insert.run(event.id, event.subject, JSON.stringify(event), at, AT_ONCE);
        }
      });
    },

    take(limit) {
      return inTransaction(database, () => {
        const at = now();
        endWaitsBeyond.run({ now: at, longestWaitMs });
        buryExhausted(at);
        const due = selectDue.all({ now: at, limit }).map(toMessage);
        const messages = deliverable(due);
        lease.run(at + leaseMs, seqsOf(messages));
        return messages;
      });
    },

    acknowledge(messages) {
      remove.run(seqsOf(messages)); // A transaction of its own.
    },

    reject(messages, reason) {
      return inTransaction(database, () => {
        const at = now();
        const error = reason.slice(0, MAX_ERROR_CHARACTERS);
        for (const { seq, attempt } of messages) {
          const delayMs = attempt >= MAX_ATTEMPTS ? 0 : backOffMs(attempt);
          backOff.run(at + delayMs, error, seq, attempt);
        }
        return buryExhausted(at);
      });
    },

    depth: () => Number(selectDepth.get()?.['depth']),

    deadLetters: createDeadLetterBox(database),

    nextDueAt() {
      const dueAt = selectNextDue.get(now())?.['dueAt'];
      return typeof dueAt === 'number' ? dueAt : null;
    },

    close: () => database.close(),
  };
}

/**
 * An event that failed before is delivered alone, so that one that can never succeed does not take
 * its neighbours to the dead letters.
 */
function deliverable(due: readonly Message[]): readonly Message[] {
  const firstRetry = due.findIndex((message) => message.attempt > 1);
  if (firstRetry === -1) return due;
  return due.slice(0, Math.max(firstRetry, 1));
}

function seqsOf(messages: readonly Message[]): string {
  return JSON.stringify(messages.map(({ seq }) => seq));
}

function toMessage(row: Record<string, unknown>): Message {
  return {
    seq: Number(row['seq']),
    attempt: Number(row['attempts']) + 1,
    // Only `put` writes payloads, from events that were parsed.
    event: JSON.parse(String(row['payload'])) as MetricEvent,
  };
}
