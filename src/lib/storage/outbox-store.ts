// The outbox in IndexedDB. Events enter it through run-store.ts, together with the run's own data.
import type { Outbox } from '../events/outbox.ts';
import type { Database } from './database.ts';

/** The outbox of this device. */
export function createOutbox(db: Database): Outbox {
  return {
    async peek(limit) {
      const entries = [];
      let cursor = await db.transaction('outbox').store.openCursor();
      while (cursor && entries.length < limit) {
        entries.push({ key: cursor.key, event: cursor.value });
        cursor = await cursor.continue();
      }
      return entries;
    },
    async remove(keys) {
      const tx = db.transaction('outbox', 'readwrite');
      await Promise.all([...keys.map((key) => tx.store.delete(key)), tx.done]);
    },
    async reject(keys, reason) {
      const tx = db.transaction(['outbox', 'rejected'], 'readwrite');
      const outbox = tx.objectStore('outbox');
      const rejected = tx.objectStore('rejected');
      for (const key of keys) {
        const event = await outbox.get(key);
        if (!event) continue;
        await rejected.put({ event, reason });
        await outbox.delete(key);
      }
      await tx.done;
    },
  };
}
