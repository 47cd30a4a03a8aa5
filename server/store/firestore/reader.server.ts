// The dashboard's part of the store in Google's cloud: reads, and listens for changes.
import type { Logger } from 'pino';
import type { DeadLetterReader } from '../../broker/dead-letters.server.ts';
import type { RunWatch } from '../../roles/parts.server.ts';
import type { StoreReader } from '../store.server.ts';
import { runsOf, windowsOf } from './collections.server.ts';
import { createDeadLetterReader } from './dead-letter-reader.server.ts';
import { openFirestoreClient, type FirestoreClientOptions } from './firestore-client.server.ts';
import { LIST_FIELDS, toRunDetail, toRunListItem, type ListedRun } from './run-document.server.ts';
import { createRunWatch } from './run-watch.server.ts';

/** Reads with a client of its own. */
export type FirestoreReader = StoreReader & {
  readonly deadLetters: DeadLetterReader;
  readonly watch: RunWatch;
  /** Ends the watches. Nothing may be called afterwards. */
  close(): Promise<void>;
};

/** Opens a reader. Nothing is asked of Firestore yet: what is missing there is told at the first read. */
export function createFirestoreReader({
  logger,
  ...options
}: FirestoreClientOptions & { readonly logger: Logger }): FirestoreReader {
  const client = openFirestoreClient(options);
  const { firestore, read } = client;
  const watch = createRunWatch({ firestore, logger });

  return {
    async listRuns({ limit }) {
      const newest = runsOf(firestore).orderBy('startedAt', 'desc').limit(limit);
      const { docs } = await read(newest.select(...LIST_FIELDS).get());
      return docs.map((run) => toRunListItem(run.id, run.data() as unknown as ListedRun));
    },

    async getRun(runId) {
      const [run, windows] = await Promise.all([
        read(runsOf(firestore).doc(runId).get()),
        read(windowsOf(firestore, runId).get()),
      ]);
      const data = run.data();
      if (data === undefined) return null;
      const ofRun = windows.docs.map((window) => window.data());
      return toRunDetail(runId, data, ofRun);
    },

    deadLetters: createDeadLetterReader(client),
    watch,

    async close() {
      watch.stop();
      await client.close();
    },
  };
}
