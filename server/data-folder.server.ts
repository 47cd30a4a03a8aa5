// Opens the folder that holds all state: the queue and the store, each a SQLite file of its own.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Broker } from './broker/broker.server.ts';
import { createEmbeddedBroker } from './broker/embedded-broker.server.ts';
import { StartupError } from './startup-error.server.ts';
import { createSqliteStore } from './store/sqlite-store.server.ts';
import type { Store } from './store/store.server.ts';

/** Names of the two databases in the folder. */
export const QUEUE_FILE = 'broker.sqlite';
export const STORE_FILE = 'store.sqlite';

/** Makes the folder where it is missing. Rejects with StartupError when it cannot be written. */
export async function openDataFolder(
  folder: string,
  logger: Logger,
): Promise<{ broker: Broker; store: Store }> {
  let store: Store | undefined;
  try {
    makeFolder(folder);
    store = createSqliteStore(join(folder, STORE_FILE));
    const broker = createEmbeddedBroker({ path: join(folder, QUEUE_FILE), logger });
    return { broker, store };
  } catch (error) {
    await store?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `cannot use the data folder ${folder} (${reason}); ` +
        'choose another with KINEMARK_DATA=/some/folder npm start',
      { cause: error },
    );
  }
}

/** Not mkdir's own `recursive`: below /proc, Node 24 never returns from that. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
