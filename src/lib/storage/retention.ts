// What is stored on this device, how much, and what goes first when room is needed: the raw samples of runs
// that have ended, the oldest first. Runs, their windows and all that has not been sent stay.
import type { Database, StoredRun } from './database.ts';
import { inTransaction } from './in-transaction.ts';

/**
 * Samples may take this share of what the browser grants the site. The weights of models need most of it,
 * and what is not sent yet must always find room.
 */
export const SAMPLES_SHARE_OF_QUOTA = 0.2;
/**
 * However much the browser would grant, in bytes. Five minutes of frames with poses take about 20 MB, so
 * this is the raw data of at least 25 such runs.
 */
export const MAX_SAMPLES_BYTES = 500_000_000;

/** What this device keeps. Counts are exact; bytes are estimates, null where the browser tells nothing. */
export type StorageUsage = {
  readonly runs: number;
  /** Of raw samples, unpacked: browsers keep them in less than half of it. */
  readonly samplesBytes: number;
  /** Runs that ended with frames, whose raw samples are not here any more. */
  readonly thinnedRuns: number;
  readonly windows: number;
  /** Events that no server has accepted yet. */
  readonly waiting: number;
  /** Events that a server refused for good. */
  readonly rejected: number;
  /** Of everything that the site stores, weights included. */
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** Whether the browser promised not to evict what is stored. */
  readonly persisted: boolean | null;
};

/** Every method rejects when the database cannot be read. */
export type Retention = {
  usage(): Promise<StorageUsage>;
  /**
   * Frees at least `wantedBytes` of raw samples, if there are as many, and returns about how many it freed;
   * 0 when nothing is left to free. Deletes only, so that it works when nothing can be written.
   */
  thinSamples(wantedBytes: number): Promise<number>;
  /** Thins the samples that are above their budget; returns the bytes freed. */
  keepWithinBudget(): Promise<number>;
};

/** What a page or a worker can ask its browser. */
type StorageFacts = Pick<StorageManager, 'estimate' | 'persisted'>;

/** The retention of this device. */
export function createRetention(
  db: Database,
  storage: StorageFacts = navigator.storage,
): Retention {
  /** Null where the browser tells nothing. */
  function askBrowser(): Promise<StorageEstimate | null> {
    return storage.estimate().catch(() => null);
  }

  async function readSamples(): Promise<{
    kept: readonly StoredRun[];
    runs: readonly StoredRun[];
  }> {
    const tx = db.transaction(['runs', 'samples']);
    const [runs, keys] = await Promise.all([
      tx.objectStore('runs').index('startedAt').getAll(),
      tx.objectStore('samples').getAllKeys(),
    ]);
    const withSamples = new Set(keys);
    return { runs, kept: runs.filter(({ runId }) => withSamples.has(runId)) };
  }

  function freeSamples(wantedBytes: number): Promise<number> {
    return inTransaction(db.transaction(['runs', 'samples'], 'readwrite'), async (tx) => {
      const samples = tx.objectStore('samples');
      const withSamples = new Set(await samples.getAllKeys());
      let freedBytes = 0;
      let cursor = await tx.objectStore('runs').index('startedAt').openCursor();
      while (cursor && freedBytes < wantedBytes) {
        const { runId, samplesBytes } = cursor.value;
        if (withSamples.has(runId)) {
          await samples.delete(runId);
          freedBytes += samplesBytes;
        }
        cursor = await cursor.continue();
      }
      return freedBytes;
    });
  }

  async function thinSamples(wantedBytes: number): Promise<number> {
    const freedBytes = await freeSamples(wantedBytes);
    // Chromium notices what has become free when it is asked, and else may still refuse the next write.
    if (freedBytes > 0) await askBrowser();
    return freedBytes;
  }

  return {
    async usage() {
      const [{ runs, kept }, windows, waiting, rejected, estimate, persisted] = await Promise.all([
        readSamples(),
        db.count('windows'),
        db.count('outbox'),
        db.count('rejected'),
        askBrowser(),
        storage.persisted().catch(() => null),
      ]);
      return {
        runs: runs.length,
        samplesBytes: sumOfSamples(kept),
        thinnedRuns: runs.filter(hadSamples).length - kept.length,
        windows,
        waiting,
        rejected,
        usedBytes: estimate?.usage ?? null,
        quotaBytes: estimate?.quota ?? null,
        persisted,
      };
    },

    thinSamples,

    async keepWithinBudget() {
      const [{ kept }, estimate] = await Promise.all([readSamples(), askBrowser()]);
      const quotaBytes = estimate?.quota ?? Infinity;
      const budgetBytes = Math.min(MAX_SAMPLES_BYTES, quotaBytes * SAMPLES_SHARE_OF_QUOTA);
      const excessBytes = sumOfSamples(kept) - budgetBytes;
      return excessBytes > 0 ? thinSamples(excessBytes) : 0;
    },
  };
}

function sumOfSamples(runs: readonly StoredRun[]): number {
  return runs.reduce((sum, { samplesBytes }) => sum + samplesBytes, 0);
}

/** Samples are stored at a run's end, and there is one of every processed frame. */
function hadSamples({ summary }: StoredRun): boolean {
  return summary !== null && summary.frames.processed > 0;
}
