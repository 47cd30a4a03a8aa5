// Whether the store holds exactly what was accepted: without this a figure would say nothing.
import { isDeepStrictEqual } from 'node:util';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import { BenchError } from '../bench-error.ts';
import { makeWindow, type SentRun } from './make-bodies.ts';

/** Compares every window by content. Rejects with a BenchError when one is missing, different or too many. */
export async function checkStored(path: string, runs: readonly SentRun[]): Promise<void> {
  const store = createSqliteStore(path);
  try {
    for (const { runId, windows } of runs) {
      const sent = Array.from({ length: windows }, (_, i) => makeWindow(i));
      const stored = (await store.getRun(runId))?.windows;
      if (!isDeepStrictEqual(stored, sent)) {
        throw new BenchError(
          `Of the ${windows} windows accepted of run ${runId} the store holds ${stored?.length ?? 0}, or others. There is no figure; this is a fault of Kinemark's: report it.`,
        );
      }
    }
  } finally {
    await store.close();
  }
}
