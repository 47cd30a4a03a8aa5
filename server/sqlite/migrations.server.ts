// Brings a database's schema up to date. The migrations themselves live with their database's owner.
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.server.ts';

/**
 * Applies the migrations that `database` has not seen, all or none; its `user_version` counts
 * those applied. Append to the list only: never change or reorder what has been released.
 * Throws when the database comes from a newer version of Kinemark.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  // Where there is nothing to do, the file can be read while another process writes.
  if (countApplied(database) === migrations.length) return;
  inTransaction(database, () => {
    const applied = countApplied(database); // Another process may have been faster.
    if (applied > migrations.length) {
      throw new Error(
        `its schema is version ${applied}, and this Kinemark knows ${migrations.length} at most`,
      );
    }
    for (const sql of migrations.slice(applied)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function countApplied(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
