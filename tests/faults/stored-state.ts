// What the server has in the end, read from its own databases.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { QUEUE_FILE, STORE_FILE } from '../../server/data-folder.server.ts';

/** A run's row and the rows of its windows; JSON as it is stored, null for what has not arrived. */
export type StoredServerRun = {
  readonly runId: string;
  readonly status: string;
  readonly started: string | null;
  readonly finished: string | null;
  readonly interrupted: string | null;
  /** By index. */
  readonly windows: readonly { readonly index: number; readonly json: string }[];
};

/** Everything in the server's folder that counts. */
export type StoredState = {
  /** Rows of `events_seen`. */
  readonly eventIds: readonly string[];
  readonly runs: readonly StoredServerRun[];
  /** Events that still wait in the queue. */
  readonly waiting: number;
  readonly deadLetters: readonly string[];
};

/** Reads the databases in `folder`, which a server may have open. */
export function readStoredState(folder: string): StoredState {
  return { ...readStore(join(folder, STORE_FILE)), ...readQueue(join(folder, QUEUE_FILE)) };
}

function readStore(path: string): Pick<StoredState, 'eventIds' | 'runs'> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const windowsOf = database.prepare(
      `SELECT window_index AS "index", window_json AS json FROM windows
       WHERE run_id = ? ORDER BY window_index`,
    );
    return {
      eventIds: database
        .prepare('SELECT event_id FROM events_seen')
        .all()
        .map((row) => String(row['event_id'])),
      runs: database
        .prepare('SELECT * FROM runs')
        .all()
        .map((row) => ({
          runId: String(row['run_id']),
          status: String(row['status']),
          started: textOrNull(row['started_json']),
          finished: textOrNull(row['finished_json']),
          interrupted: textOrNull(row['interrupted_json']),
          windows: windowsOf
            .all(String(row['run_id']))
            .map(({ index, json }) => ({ index: Number(index), json: String(json) })),
        })),
    };
  } finally {
    database.close();
  }
}

function readQueue(path: string): Pick<StoredState, 'waiting' | 'deadLetters'> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return {
      waiting: Number(database.prepare('SELECT count(*) AS total FROM messages').get()?.['total']),
      deadLetters: database
        .prepare('SELECT event_id, error FROM dead_letters')
        .all()
        .map((row) => `${String(row['event_id'])}: ${String(row['error'])}`),
    };
  } finally {
    database.close();
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
