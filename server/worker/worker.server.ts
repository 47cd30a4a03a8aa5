// Moves events from the Broker to the Store and says which runs have changed.
import type { Logger } from 'pino';
import type { Broker } from '../broker/broker.server.ts';
import type { Store } from '../store/store.server.ts';
import type { RunChanges } from './run-changes.server.ts';

/** A started worker. */
export type Worker = {
  /** Resolves when the delivery in progress is written and acknowledged. */
  stop(): Promise<void>;
};

/** What a worker works with. */
export type WorkerParts = {
  readonly broker: Broker;
  readonly store: Store;
  readonly changes: RunChanges;
  readonly logger: Logger;
};

/** Starts writing what `broker` delivers to `store`. */
export function startWorker({ broker, store, changes, logger }: WorkerParts): Worker {
  return broker.consume(async (events) => {
    const { newEvents, changedRunIds, conflictingIds } = await store.write(events);
    logger.info({ events: events.length, newEvents }, 'events written');
    if (conflictingIds.length > 0) {
      logger.warn({ eventIds: conflictingIds }, 'events contradict what is stored, which stays');
    }
    for (const runId of changedRunIds) changes.emit(runId);
  });
}
