// The runs made on this device. What is written of a run and the event that tells of it share one
// transaction: either both are kept or neither is.
import type { IDBPTransaction, StoreNames } from 'idb';
import type { RunStart } from '../benchmark/run-benchmark.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import type {
  MetricEvent,
  RunFinishedEvent,
  RunInterruptedEvent,
  RunStartedEvent,
  RunWindow,
  RunWindowEvent,
} from '../events/metric-event.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { Database, KinemarkDatabase, StoredRun } from './database.ts';
import { inTransaction } from './in-transaction.ts';
import { estimateSamples } from './samples-size.ts';

/** A run with what is kept of its course. */
export type StoredRunDetail = {
  readonly run: StoredRun;
  /** By index. */
  readonly windows: readonly RunWindow[];
  /** Whether its raw samples are still here; those of a run that ended may have been thinned. */
  readonly hasSamples: boolean;
};

/**
 * Keeps runs and queues their events. Every method rejects when the browser's storage fails, and then has
 * changed nothing; a step that is tried again after it had been stored all the same changes nothing either.
 * An event keeps its id unless the run has one with that number: then it gets the next free one.
 */
export type RunStore = {
  start(start: RunStart, skeleton: SkeletonId, event: RunStartedEvent): Promise<void>;
  addWindow(event: RunWindowEvent): Promise<void>;
  /** The result's samples may be empty where there is no room for them. */
  finish(result: RunResult, event: RunFinishedEvent): Promise<void>;
  /** The newest runs first. */
  list(): Promise<readonly StoredRun[]>;
  /** Null for a run that is not kept here. */
  get(runId: string): Promise<StoredRunDetail | null>;
  /**
   * Marks runs without an end that nobody carries on, and queues the event that `make` makes of each and of
   * the number of its windows. Any number of tabs may do so at a time. Returns the ids of those it marked.
   */
  closeInterrupted(
    isAlive: (runId: string) => Promise<boolean>,
    make: (run: StoredRun, windows: number) => RunInterruptedEvent,
  ): Promise<readonly string[]>;
};

type WriteTransaction = IDBPTransaction<
  KinemarkDatabase,
  StoreNames<KinemarkDatabase>[],
  'readwrite'
>;

/** The run store of this device. */
export function createRunStore(db: Database): RunStore {
  function write<R>(
    stores: StoreNames<KinemarkDatabase>[],
    work: (tx: WriteTransaction) => Promise<R>,
  ): Promise<R> {
    // What is committed survives a battery that runs out, not only a browser that ends.
    return inTransaction(db.transaction(stores, 'readwrite', { durability: 'strict' }), work);
  }

  return {
    start({ plan, startedAt }, skeleton, event) {
      const { runId } = plan;
      return write(['runs', 'outbox'], async (tx) => {
        if ((await tx.objectStore('runs').getKey(runId)) !== undefined) return;
        const run: StoredRun = {
          runId,
          startedAt,
          plan,
          skeleton,
          started: event.data,
          summary: null,
          interruptedAt: null,
          nextSequence: 0,
          samplesBytes: 0,
        };
        await putWithEvent(tx, run, event);
      });
    },

    addWindow(event) {
      const { subject: runId, data } = event;
      return write(['runs', 'windows', 'outbox'], async (tx) => {
        const windows = tx.objectStore('windows');
        const key: [string, number] = [runId, data.index];
        if ((await windows.getKey(key)) !== undefined) return;
        await windows.add(data, key);
        await putWithEvent(tx, await tx.objectStore('runs').get(runId), event);
      });
    },

    finish({ plan, skeleton, summary, samples }, event) {
      const { runId, startedAt } = summary;
      return write(['runs', 'samples', 'outbox'], async (tx) => {
        const known = await tx.objectStore('runs').get(runId);
        if (known?.summary) return;
        const run: StoredRun = {
          ...(known ?? { started: null, interruptedAt: null, nextSequence: 0 }),
          ...{ runId, startedAt, plan, skeleton, summary },
          samplesBytes: estimateSamples(samples),
        };
        if (samples.length > 0) await tx.objectStore('samples').put(samples, runId);
        await putWithEvent(tx, run, event);
      });
    },

    async list() {
      return (await db.getAllFromIndex('runs', 'startedAt')).reverse();
    },

    async get(runId) {
      const tx = db.transaction(['runs', 'windows', 'samples']);
      const [run, windows, samplesKey] = await Promise.all([
        tx.objectStore('runs').get(runId),
        tx.objectStore('windows').getAll(windowsOf(runId)),
        tx.objectStore('samples').getKey(runId),
      ]);
      return run ? { run, windows, hasSamples: samplesKey !== undefined } : null;
    },

    async closeInterrupted(isAlive, make) {
      const closed: string[] = [];
      for (const { runId } of (await db.getAll('runs')).filter(isOpen)) {
        if (await isAlive(runId)) continue;
        const isClosed = await write(['runs', 'windows', 'outbox'], async (tx) => {
          const run = await tx.objectStore('runs').get(runId);
          // It has ended since, or another tab was faster.
          if (!run || !isOpen(run)) return false;
          const event = make(run, await tx.objectStore('windows').count(windowsOf(runId)));
          await putWithEvent(tx, { ...run, interruptedAt: event.data.noticedAt }, event);
          return true;
        });
        if (isClosed) closed.push(runId);
      }
      return closed;
    },
  };
}

function isOpen({ summary, interruptedAt }: StoredRun): boolean {
  return summary === null && interruptedAt === null;
}

function windowsOf(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId, 0], [runId, Infinity]);
}

/**
 * Stores a run and queues its event. The event of a run that is not kept, because somebody deleted what this
 * site had stored, is queued all the same.
 */
async function putWithEvent(
  tx: WriteTransaction,
  run: StoredRun | undefined,
  event: MetricEvent,
): Promise<void> {
  const sequence = Math.max(sequenceOf(event), run?.nextSequence ?? 0);
  await tx.objectStore('outbox').add({ ...event, id: `${event.subject}/${sequence}` });
  if (run) await tx.objectStore('runs').put({ ...run, nextSequence: sequence + 1 });
}

function sequenceOf({ id, subject }: MetricEvent): number {
  return Number(id.slice(subject.length + 1));
}
