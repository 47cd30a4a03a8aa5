// All-or-nothing changes to a SQLite database.
import type { DatabaseSync } from 'node:sqlite';

/**
 * Runs `change` in one write transaction and returns its result; undoes everything when it throws.
 * The write lock is taken at the start, so that two processes cannot both read and then collide.
 */
export function inTransaction<T>(database: DatabaseSync, change: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some failures (a full disk) have already rolled back; a second ROLLBACK would hide the cause.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
