// Events that a server refused for good: kept until the user exports, discards or sends them again.
import type { Database, RejectedEvent } from './database.ts';
import { inTransaction } from './in-transaction.ts';

/** Of the file that `exportJson` makes. */
const EXPORT_SCHEMA = 'kinemark.rejected/1';

/** A refused event; keys grow in the order in which events were refused. */
export type RejectedEntry = RejectedEvent & { readonly key: number };

/** Every method rejects when the browser's storage fails, and then has changed nothing. */
export type RejectedStore = {
  /** Those refused first come first. */
  list(): Promise<readonly RejectedEntry[]>;
  /** All of them as the text of a JSON file: `{ schema, entries: [{ event, reason, refusedAt }] }`. */
  exportJson(): Promise<string>;
  /** Discards entries, and notes on their runs how many: they will never be on a server. */
  remove(keys: readonly number[]): Promise<void>;
  /** Puts events back at the end of the outbox, in the order in which they were refused. */
  retry(keys: readonly number[]): Promise<void>;
};

/** The refused events of this device. */
export function createRejectedStore(db: Database): RejectedStore {
  return {
    async list() {
      const entries: RejectedEntry[] = [];
      let cursor = await db.transaction('rejected').store.openCursor();
      while (cursor) {
        entries.push({ key: cursor.key, ...cursor.value });
        cursor = await cursor.continue();
      }
      return entries;
    },
    async exportJson() {
      const entries = await db.getAll('rejected');
      return `${JSON.stringify({ schema: EXPORT_SCHEMA, entries }, null, 2)}\n`;
    },
    remove(keys) {
      return inTransaction(db.transaction(['rejected', 'runs'], 'readwrite'), async (tx) => {
        const discarded = new Map<string, number>();
        for (const key of keys) {
          const entry = await tx.objectStore('rejected').get(key);
          // Another tab has taken it already.
          if (!entry) continue;
          await tx.objectStore('rejected').delete(key);
          const { subject } = entry.event;
          discarded.set(subject, (discarded.get(subject) ?? 0) + 1);
        }
        for (const [runId, count] of discarded) {
          const run = await tx.objectStore('runs').get(runId);
          if (!run) continue;
          const discardedEvents = (run.discardedEvents ?? 0) + count;
          await tx.objectStore('runs').put({ ...run, discardedEvents });
        }
      });
    },
    retry(keys) {
      return inTransaction(db.transaction(['outbox', 'rejected'], 'readwrite'), async (tx) => {
        const rejected = tx.objectStore('rejected');
        for (const key of keys.toSorted((a, b) => a - b)) {
          const entry = await rejected.get(key);
          // Another tab has taken it already.
          if (!entry) continue;
          await tx.objectStore('outbox').add(entry.event);
          await rejected.delete(key);
        }
      });
    },
  };
}
