// Moves events from the queue to the store and says which runs have changed.
import type { Logger } from 'pino';
import type { EventConsumer } from '../broker/broker.server.ts';
import type { StoreWriter } from '../store/store.server.ts';

/** A started worker. */
export type Worker = {
  /** Resolves when the delivery in progress is written and acknowledged. */
  stop(): Promise<void>;
};

/** What a worker works with. */
export type WorkerParts = {
  readonly consumer: EventConsumer;
  readonly writer: StoreWriter;
  /** Told of each run that has changed. */
  readonly emit: (runId: string) => void;
  readonly logger: Logger;
};

/** Starts writing what `consumer` delivers with `writer`. */
export function startWorker({ consumer, writer, emit, logger }: WorkerParts): Worker {
  return consumer.consume(async (events) => {
    const { newEvents, changedRunIds, conflictingIds } = await writer.write(events);
    logger.info({ events: events.length, newEvents }, 'events written');
    if (conflictingIds.length > 0) {
      logger.warn({ eventIds: conflictingIds }, 'events contradict what is stored, which stays');
    }
    for (const runId of changedRunIds) emit(runId);
  });
}
