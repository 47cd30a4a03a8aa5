// Both ends of the store in Google's cloud as one, for tests that write and read.
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { createFirestoreReader } from '../../server/store/firestore/reader.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import type { Store } from '../../server/store/store.server.ts';
import { silentLogger } from '../integration/silent-logger.ts';

/** Opens a writer and a reader, each with a client of its own. */
export function openFirestoreStore(google: GoogleConfig): Store {
  const writer = createFirestoreWriter({ google });
  const reader = createFirestoreReader({ google, logger: silentLogger });
  return {
    write: (events) => writer.write(events),
    listRuns: (query) => reader.listRuns(query),
    getRun: (runId) => reader.getRun(runId),
    async close() {
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}
