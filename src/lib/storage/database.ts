// The device's IndexedDB: the one module that owns its schema and migrations. How a connection is kept
// alive: lasting-connection.ts.
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { FrameSample, RunSummary } from '../benchmark/run-result.ts';
import type { RunPlan } from '../benchmark/run-plan.ts';
import type { MetricEvent, RunStarted, RunWindow } from '../events/metric-event.ts';
import type { ModelSpec } from '../models/model-spec.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import { createLastingConnection } from './lasting-connection.ts';
import type { ConnectionWatch } from './lasting-connection.ts';
import { liftToVersion3 } from './lift-to-version-3.ts';

const DATABASE_NAME = 'kinemark';

/**
 * A run as this device keeps it. It has ended when it has a summary; a run without one that was interrupted
 * will hardly get one, but if it does, the summary counts.
 */
export type StoredRun = {
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly plan: RunPlan;
  readonly skeleton: SkeletonId;
  /** What the run was announced with; null of runs from before version 3 whose start was sent already. */
  readonly started: RunStarted | null;
  /** Null until the run has ended. */
  readonly summary: RunSummary | null;
  /** ISO 8601: when a later start found that the run's tab was gone; null while that was not found. */
  readonly interruptedAt: string | null;
  /** The sequence number of the run's next event: one more than that of its last. */
  readonly nextSequence: number;
  /** About how many bytes of raw samples were stored at the run's end, unpacked; 0 when none were. They may be gone. */
  readonly samplesBytes: number;
  /** How many of the run's events a server refused and the user then discarded; absent when none. */
  readonly discardedEvents?: number;
};

/** An event that a server refused for good, with its reason. */
export type RejectedEvent = {
  readonly event: MetricEvent;
  readonly reason: string;
  /** ISO 8601; null of events that were refused before version 3. */
  readonly refusedAt: string | null;
};

/** Stores and indexes of the newest version. */
export interface KinemarkDatabase extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { startedAt: string } };
  /** Raw per-frame samples, by run id. The first to go when room is needed: see retention.ts. */
  samples: { key: string; value: readonly FrameSample[] };
  windows: { key: [runId: string, index: number]; value: RunWindow };
  /** Keys grow with time, so that the order of events is the order of keys. */
  outbox: { key: number; value: MetricEvent };
  rejected: { key: number; value: RejectedEvent };
  /** Facts about this installation, by name. */
  settings: { key: string; value: string };
  /** Models that the user brought, by id. */
  'own-models': { key: string; value: ModelSpec };
}

export type Database = IDBPDatabase<KinemarkDatabase>;
/** In which a database is lifted to a newer version. */
export type UpgradeTransaction = IDBPTransaction<
  KinemarkDatabase,
  StoreNames<KinemarkDatabase>[],
  'versionchange'
>;

/**
 * Each entry lifts the schema by one version and is never edited once released; the version of the
 * database is the number of entries. An entry may wait for requests of its transaction, and for nothing else.
 */
const migrations: readonly ((db: Database, tx: UpgradeTransaction) => void | Promise<void>)[] = [
  (db) => {
    db.createObjectStore('runs', { keyPath: 'runId' }).createIndex('startedAt', 'startedAt');
    db.createObjectStore('samples');
    db.createObjectStore('outbox', { autoIncrement: true });
    db.createObjectStore('rejected', { autoIncrement: true });
    db.createObjectStore('settings');
  },
  (db) => {
    db.createObjectStore('own-models', { keyPath: 'id' });
  },
  (db, tx) => {
    db.createObjectStore('windows');
    return liftToVersion3(tx);
  },
];

/**
 * Opens the database, migrating an older one. The connection lasts: where the browser ends it, it is opened
 * again. Rejects when the browser denies storage, or when a newer Kinemark has migrated it.
 */
export function openDatabase(name = DATABASE_NAME, watch: ConnectionWatch = {}): Promise<Database> {
  return createLastingConnection(
    (callbacks) =>
      openDB<KinemarkDatabase>(name, migrations.length, {
        ...callbacks,
        upgrade: (db, oldVersion, _newVersion, tx) => void upgrade(db, oldVersion, tx),
      }),
    watch,
  );
}

/** All of it or nothing: a migration that fails leaves the database as it was, and opening it rejects. */
async function upgrade(db: Database, oldVersion: number, tx: UpgradeTransaction): Promise<void> {
  // Whoever opens the database is told; here it would be told twice.
  tx.done.catch(() => undefined);
  try {
    for (const migrate of migrations.slice(oldVersion)) await migrate(db, tx);
  } catch (cause) {
    console.warn('The database could not be migrated.', cause);
    // Throws where what went wrong has ended the transaction already.
    try {
      tx.abort();
    } catch {
      return;
    }
  }
}
