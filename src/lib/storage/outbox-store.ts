// The outbox in IndexedDB. Events enter it through run-store.ts, together with the run's own data.
import type { Outbox, Rejection } from '../events/outbox.ts';
import type { Database } from './database.ts';
import { inTransaction } from './in-transaction.ts';
import { createRetention } from './retention.ts';
import { createMakeRoom, withRoom } from './with-room.ts';
import type { MakeRoom } from './with-room.ts';

/** The events of a batch have at most so many bytes as JSON: what may be refused at a time. */
const REFUSED_BYTES = 400_000;

/** The outbox of this device. `makeRoom` is for what was refused: it moves, so that it needs room. */
export function createOutbox(
  db: Database,
  makeRoom: MakeRoom = createMakeRoom(createRetention(db)),
): Outbox {
  async function setAside(rejections: readonly Rejection[]): Promise<void> {
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
  }

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
    reject: (rejections) => withRoom(() => setAside(rejections), REFUSED_BYTES, makeRoom),
    count: () => db.count('outbox'),
  };
}
