// Which runs still have events that wait.
import type { Database } from './database.ts';

/** The number of waiting events of each run that has any. Rejects when the database cannot be read. */
export async function waitingByRun(db: Database): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let cursor = await db.transaction('outbox').store.openCursor();
  while (cursor) {
    const { subject } = cursor.value;
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
    cursor = await cursor.continue();
  }
  return counts;
}
