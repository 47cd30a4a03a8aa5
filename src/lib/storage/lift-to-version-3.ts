// From version 2 of the database to version 3: runs learn how their events go on and what they were
// announced with, windows of runs that did not end get a store of their own. Nothing is deleted.
import type { StoredRun, UpgradeTransaction } from './database.ts';
import type { RunStarted } from '../events/metric-event.ts';
import { estimateFrames } from './samples-size.ts';

/**
 * Which events of these runs were sent is not known any more. A number that none of them can have reached
 * keeps a later event from taking the id of an earlier one.
 */
const FIRST_FREE_SEQUENCE = 100_000_000;

type RunOfVersion2 = Omit<StoredRun, 'started' | 'interruptedAt' | 'nextSequence' | 'samplesBytes'>;

/** Lifts the data. The store `windows` is there already. */
export async function liftToVersion3(tx: UpgradeTransaction): Promise<void> {
  const runs = tx.objectStore('runs');
  const stored: readonly RunOfVersion2[] = await runs.getAll();
  // Runs that ended have their summary; only of the others is there nothing but windows.
  const open = new Set(stored.filter(({ summary }) => !summary).map(({ runId }) => runId));
  const starts = await readWaiting(tx, open);
  for (const run of stored) {
    await runs.put({
      ...run,
      started: starts.get(run.runId) ?? null,
      interruptedAt: null,
      nextSequence: FIRST_FREE_SEQUENCE,
      samplesBytes: run.summary ? estimateFrames(run.summary.frames.processed) : 0,
    });
  }
  await dateRejected(tx);
}

/** What still waits tells of the starts of runs, and of the windows of those that did not end. */
async function readWaiting(
  tx: UpgradeTransaction,
  open: ReadonlySet<string>,
): Promise<ReadonlyMap<string, RunStarted>> {
  const starts = new Map<string, RunStarted>();
  let cursor = await tx.objectStore('outbox').openCursor();
  while (cursor) {
    const { type, subject, data } = cursor.value;
    if (type === 'kinemark.run.started.v1') starts.set(subject, data);
    if (type === 'kinemark.run.window.v1' && open.has(subject)) {
      await tx.objectStore('windows').put(data, [subject, data.index]);
    }
    cursor = await cursor.continue();
  }
  return starts;
}

/** When they were refused was not noted. */
async function dateRejected(tx: UpgradeTransaction): Promise<void> {
  let cursor = await tx.objectStore('rejected').openCursor();
  while (cursor) {
    await cursor.update({ ...cursor.value, refusedAt: null });
    cursor = await cursor.continue();
  }
}
