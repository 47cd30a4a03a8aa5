// Opens the queue of a data folder beside the server that may be using it. Makes none where there is none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedBroker } from '../broker/embedded-broker.server.ts';
import { QUEUE_FILE } from '../data-folder.server.ts';
import { createLogger } from '../observability/logger.server.ts';
import { isLocked } from '../sqlite/open-database.server.ts';
import { StartupError } from '../startup-error.server.ts';
import type { OpenDeadLetters } from './open-dead-letters.server.ts';

/** Throws StartupError when there is no queue in `dataFolder`, or when it cannot be used. */
export function openQueue(dataFolder: string): OpenDeadLetters {
  const path = join(dataFolder, QUEUE_FILE);
  if (!existsSync(path)) {
    throw new StartupError(
      `there is no queue in ${dataFolder}, so there are no dead letters; ` +
        'set KINEMARK_DATA to the folder that the server uses',
    );
  }
  try {
    const broker = createEmbeddedBroker({ path, logger: createLogger('warn') });
    return {
      deadLetters: broker.deadLetters(),
      explain: (error) => explainQueueError(error, dataFolder),
      close: () => broker.close(),
    };
  } catch (error) {
    throw explainQueueError(error, dataFolder);
  }
}

function explainQueueError(error: unknown, dataFolder: string): StartupError {
  if (isLocked(error)) {
    return new StartupError(
      `the queue in ${dataFolder} is locked by another program, so nothing was done; ` +
        'try again in a moment',
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new StartupError(
    `cannot use the queue in ${dataFolder} (${reason}), so nothing was done; ` +
      'run this as the user that runs the server, with the same Kinemark',
    { cause: error },
  );
}
