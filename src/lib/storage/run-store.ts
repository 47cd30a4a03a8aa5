// The runs made on this device. What is written of a run and the event that tells of it share one
// transaction: either both are kept or neither is.
import type { RunStart } from '../benchmark/run-benchmark.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { Database, StoredRun } from './database.ts';

/** Keeps runs and queues their events. Every method rejects when the browser's storage fails. */
export type RunStore = {
  start(start: RunStart, skeleton: SkeletonId, event: MetricEvent): Promise<void>;
  addWindow(event: MetricEvent): Promise<void>;
  finish(result: RunResult, event: MetricEvent): Promise<void>;
  /** The newest runs first. */
  list(): Promise<readonly StoredRun[]>;
};

/** The run store of this device. */
export function createRunStore(db: Database): RunStore {
  return {
    async start({ plan, startedAt }, skeleton, event) {
      const tx = db.transaction(['runs', 'outbox'], 'readwrite');
      await Promise.all([
        tx.objectStore('runs').add({ runId: plan.runId, startedAt, plan, skeleton, summary: null }),
        tx.objectStore('outbox').add(event),
        tx.done,
      ]);
    },
    async addWindow(event) {
      await db.add('outbox', event);
    },
    async finish({ plan, skeleton, summary, samples }, event) {
      const tx = db.transaction(['runs', 'samples', 'outbox'], 'readwrite');
      const { runId, startedAt } = summary;
      await Promise.all([
        tx.objectStore('runs').put({ runId, startedAt, plan, skeleton, summary }),
        tx.objectStore('samples').put(samples, runId),
        tx.objectStore('outbox').add(event),
        tx.done,
      ]);
    },
    async list() {
      return (await db.getAllFromIndex('runs', 'startedAt')).reverse();
    },
  };
}
