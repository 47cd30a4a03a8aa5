// One transaction: events of one run, whatever else writes to it meanwhile.
import { FieldValue, type Firestore } from '@google-cloud/firestore';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { applyEvents, windowsToCompare, type Written } from './apply-events.server.ts';
import { runsOf, windowsOf } from './collections.server.ts';
import { requireFits } from './document-size.server.ts';
import { windowId } from './run-document.server.ts';

/**
 * Writes what is new of `events`, which are few enough for one transaction, and says what became of each. Rejects
 * with TooLargeError when they do not fit into the run's documents, and when Firestore refuses; nothing of them is
 * written then, unless it was only the answer that got lost.
 */
export async function writeRun(
  firestore: Firestore,
  runId: string,
  events: readonly [MetricEvent, ...MetricEvent[]],
): Promise<readonly Written[]> {
  const reference = runsOf(firestore).doc(runId);
  const windows = windowsOf(firestore, runId);

  // The library calls this again when another writer was faster: it changes nothing but the transaction.
  return firestore.runTransaction(async (transaction) => {
    const run = (await transaction.get(reference)).data() ?? null;

    const stored = new Map<number, string>();
    const compared = windowsToCompare(run, events);
    if (compared.length > 0) {
      const snapshots = await transaction.getAll(
        ...compared.map((index) => windows.doc(windowId(index))),
      );
      for (const [position, index] of compared.entries()) {
        const window = snapshots[position]?.data();
        if (window !== undefined) stored.set(index, window.data);
      }
    }

    const applied = applyEvents({ run, windows: stored }, events);
    if (!applied.isChanged) return applied.outcomes;
    requireFits(`The run ${runId}`, applied.run);
    for (const [index, window] of applied.newWindows) {
      requireFits(`The window ${index} of the run ${runId}`, window);
      transaction.create(windows.doc(windowId(index)), window);
    }
    transaction.set(reference, { ...applied.run, changedAt: FieldValue.serverTimestamp() });
    return applied.outcomes;
  });
}
