// How every SQLite file of the server is opened, so that all of them are equally durable.
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.server.ts';

/** How long a statement waits for another process's lock; it blocks the event loop, so not long. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * Opens or creates the database file at `path` and migrates it.
 * What is committed survives a power cut (WAL with synchronous=FULL).
 * Throws when the file cannot be written, is no database, or is of a newer schema.
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
