// The device's IndexedDB: the one module that owns its schema and migrations.
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { FrameSample, RunSummary } from '../benchmark/run-result.ts';
import type { RunPlan } from '../benchmark/run-plan.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import type { ModelSpec } from '../models/model-spec.ts';
import type { SkeletonId } from '../pose/skeletons.ts';

const DATABASE_NAME = 'kinemark';

/** A run as this device keeps it. `summary` is null until the run has ended. */
export type StoredRun = {
  readonly runId: string;
  readonly startedAt: string;
  readonly plan: RunPlan;
  readonly skeleton: SkeletonId;
  readonly summary: RunSummary | null;
};

/** An event that a server refused for good, with its reason. */
export type RejectedEvent = { readonly event: MetricEvent; readonly reason: string };

/** Stores and indexes of the newest version. */
export interface KinemarkDatabase extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { startedAt: string } };
  /** Raw per-frame samples, by run id. */
  samples: { key: string; value: readonly FrameSample[] };
  /** Keys grow with time, so that the order of events is the order of keys. */
  outbox: { key: number; value: MetricEvent };
  rejected: { key: number; value: RejectedEvent };
  /** Facts about this installation, by name. */
  settings: { key: string; value: string };
  /** Models that the user brought, by id. */
  'own-models': { key: string; value: ModelSpec };
}

export type Database = IDBPDatabase<KinemarkDatabase>;

/**
 * Each entry lifts the schema by one version and is never edited once released; the version of the
 * database is the number of entries.
 */
const migrations: readonly ((db: Database) => void)[] = [
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
];

/** Opens the database, migrating an older one. Rejects when the browser denies storage. */
export function openDatabase(name = DATABASE_NAME): Promise<Database> {
  return openDB<KinemarkDatabase>(name, migrations.length, {
    upgrade(db, oldVersion) {
      for (const migrate of migrations.slice(oldVersion)) migrate(db);
    },
    // Another tab wants to migrate: let go, rather than block it.
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
    },
  });
}
