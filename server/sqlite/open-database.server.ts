// How every SQLite file of the server is opened, so that all of them are equally durable.
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.server.ts';

/** How long a statement waits for another process's lock; it blocks the event loop, so not long. */
const BUSY_TIMEOUT_MS = 2000;

/** SQLite's primary result codes; a longer code carries them in its lowest byte (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const PRIMARY_CODE_MASK = 0xff;

/**
 * Opens or creates the database file at `path` and migrates it.
 * What is committed survives a power cut: every commit syncs the write-ahead log (synchronous=FULL), on
 * macOS to the disk itself (fullfsync; it means nothing elsewhere).
 * Throws when the file cannot be written, is no database, or is of a newer schema.
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;');
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether `error` says that another process held the database's lock for longer than a statement waits. */
export function isLocked(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    (Number(error.errcode) & PRIMARY_CODE_MASK) === SQLITE_BUSY
  );
}
