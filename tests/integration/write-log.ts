// The order in which a store took events, kept in a file, so that it survives the process.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../server/store/store.server.ts';
import { WRITE_LOG_FILE } from './server-options.ts';

/** `store`, which notes the ids of what it has written, in `folder`. */
export function logWrites(store: Store, folder: string): Store {
  return {
    ...store,
    async write(events) {
      const result = await store.write(events);
      appendFileSync(join(folder, WRITE_LOG_FILE), events.map(({ id }) => `${id}\n`).join(''));
      return result;
    },
  };
}

/** Ids in the order in which each was written first. A write that a kill cut off from its note is missing. */
export function readFirstWrites(folder: string): readonly string[] {
  const path = join(folder, WRITE_LOG_FILE);
  if (!existsSync(path)) return [];
  return [...new Set(readFileSync(path, 'utf8').split('\n').filter(Boolean))];
}
