// The device's database as version 2 of its schema made it.
import { openDB } from 'idb';
import type { IDBPDatabase } from 'idb';

/** Opens or creates it; fails when there is a newer one. */
export function openVersion2(name: string): Promise<IDBPDatabase> {
  return openDB(name, 2, {
    upgrade(database) {
      database
        .createObjectStore('runs', { keyPath: 'runId' })
        .createIndex('startedAt', 'startedAt');
      database.createObjectStore('samples');
      database.createObjectStore('outbox', { autoIncrement: true });
      database.createObjectStore('rejected', { autoIncrement: true });
      database.createObjectStore('settings');
      database.createObjectStore('own-models', { keyPath: 'id' });
    },
  });
}
