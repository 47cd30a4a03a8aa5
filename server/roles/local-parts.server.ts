// The parts of a process that has everything in files of its own: the default.
import type { Logger } from 'pino';
import type { Broker } from '../broker/broker.server.ts';
import { openDataFolder } from '../data-folder.server.ts';
import type { Store } from '../store/store.server.ts';
import type { Parts } from './parts.server.ts';

/** Opens queue and store in `folder`. Rejects with StartupError when they cannot be used. */
export async function openLocalParts(folder: string, logger: Logger): Promise<Parts> {
  return localParts(await openDataFolder(folder, logger));
}

/** All there is, out of a broker and a store. */
export function localParts({ broker, store }: { broker: Broker; store: Store }): Parts {
  return {
    publisher: broker,
    consumer: broker,
    pushReceiver: null,
    writer: store,
    reader: store,
    deadLetters: broker.deadLetters(),
    watch: null,
    async close() {
      await broker.close();
      await store.close();
    },
  };
}
