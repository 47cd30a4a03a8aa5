// The outbox in IndexedDB. Events enter it through run-store.ts, together with the run's own data.
import type { Outbox } from '../events/outbox.ts';
import type { Database } from './database.ts';
import { inTransaction } from './in-transaction.ts';

/** The outbox of this device. */
export function createOutbox(db: Database): Outbox {
  return {
    async peek(limit, except = new Set()) {
      const store = db.transaction('outbox').store;
      // Keys first: of events that are left out nothing else is read.
      const oldest = await store.getAllKeys(undefined, limit + except.size);
      const keys = oldest.filter((key) => !except.has(key)).slice(0, limit);
      const entries = await Promise.all(
        keys.map(async (key) => ({ key, event: await store.get(key) })),
      );
      return entries.flatMap(({ key, event }) => (event ? [{ key, event }] : []));
    },
    async remove(keys) {
      await inTransaction(db.transaction('outbox', 'readwrite'), (tx) =>
        Promise.all(keys.map((key) => tx.store.delete(key))),
      );
    },
    async reject(rejections) {
      const refusedAt = new Date().toISOString();
      await inTransaction(db.transaction(['outbox', 'rejected'], 'readwrite'), async (tx) => {
        const outbox = tx.objectStore('outbox');
        for (const { key, reason } of rejections) {
          const event = await outbox.get(key);
          // Another tab may have been faster.
          if (!event) continue;
          await tx.objectStore('rejected').put({ event, reason, refusedAt });
          await outbox.delete(key);
        }
      });
    },
    count: () => db.count('outbox'),
  };
}
