// Migrations of a real database file, and how a file is opened.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { brokerMigrations } from '../../server/broker/broker-migrations.server.ts';
import { migrate } from '../../server/sqlite/migrations.server.ts';
import { openDatabase } from '../../server/sqlite/open-database.server.ts';
import { storeMigrations } from '../../server/store/store-migrations.server.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const first = 'CREATE TABLE a (x INTEGER)';
const second = 'ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7';

function emptyDatabase(): DatabaseSync {
  const database = new DatabaseSync(join(temporaryFolder(), 'test.sqlite'));
  onTestFinished(() => database.close());
  return database;
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

test.each([
  ['broker', brokerMigrations],
  ['store', storeMigrations],
])('the %s schema is built from version 0', (_, migrations) => {
  const database = emptyDatabase();
  expect(pragma(database, 'user_version')).toBe(0);
  migrate(database, migrations);
  migrate(database, migrations);
  expect(pragma(database, 'user_version')).toBe(migrations.length);
});

test('only what is missing is applied, and data stays', () => {
  const database = emptyDatabase();
  migrate(database, [first]);
  database.exec('INSERT INTO a (x) VALUES (1)');
  migrate(database, [first, second]);
  expect({ ...database.prepare('SELECT * FROM a').get() }).toEqual({ x: 1, y: 7 });
});

test('a migration that fails leaves the database as it was', () => {
  const database = emptyDatabase();
  migrate(database, [first]);
  expect(() => migrate(database, [first, second, 'CREATE NONSENSE'])).toThrow('syntax error');
  expect(pragma(database, 'user_version')).toBe(1);
  expect(() => database.exec('SELECT y FROM a')).toThrow('no such column');
});

test('a database of a newer version is refused', () => {
  const database = emptyDatabase();
  migrate(database, [first, second]);
  expect(() => migrate(database, [first])).toThrow(
    'its schema is version 2, and this Kinemark knows 1 at most',
  );
});

test('databases survive a power cut: write-ahead log, every commit synced', () => {
  const database = openDatabase(join(temporaryFolder(), 'test.sqlite'), []);
  onTestFinished(() => database.close());
  expect(pragma(database, 'journal_mode')).toBe('wal');
  expect(pragma(database, 'synchronous')).toBe(2);
  expect(pragma(database, 'fullfsync'), 'on macOS').toBe(1);
});

test('a database that is up to date opens while another process writes', () => {
  const path = join(temporaryFolder(), 'test.sqlite');
  const writing = openDatabase(path, [first]);
  onTestFinished(() => writing.close());
  writing.exec('BEGIN IMMEDIATE');
  const reading = openDatabase(path, [first]);
  onTestFinished(() => reading.close());
  expect(reading.prepare('SELECT count(*) AS count FROM a').get()?.['count']).toBe(0);
});

test('a queue of version 1 keeps its messages, and knows how many there are', () => {
  const database = emptyDatabase();
  migrate(database, brokerMigrations.slice(0, 1));
  const insert = 'INSERT INTO messages (event_id, run_id, payload, published_at, available_at)';
  database.exec(`${insert} VALUES ('r/0', 'r', '{}', 1, 1), ('r/1', 'r', '{}', 1, 1)`);
  database.exec(`INSERT INTO dead_letters VALUES (9, 'r/2', 'r', '{}', 1, 5, 2, 'no')`);
  migrate(database, brokerMigrations);
  const totals = () => ({ ...database.prepare('SELECT * FROM queue_totals').get() });
  expect(totals()).toEqual({ messages: 2, dead_letters: 1 });
  database.exec(`${insert} VALUES ('r/3', 'r', '{}', 1, 1); DELETE FROM dead_letters`);
  expect(totals()).toEqual({ messages: 3, dead_letters: 0 });
});

test('a file that is no database is refused', () => {
  const path = join(temporaryFolder(), 'test.sqlite');
  writeFileSync(path, 'This was never a database. '.repeat(100));
  expect(() => openDatabase(path, [first])).toThrow('file is not a database');
});
