// Puts the server's parts together, and takes them apart again in the right order.
import type { Logger } from 'pino';
import type { Broker } from './broker/broker.server.ts';
import { MAX_QUEUE_DEPTH_EVENTS, type Config } from './config.server.ts';
import { openDataFolder } from './data-folder.server.ts';
import { createIngest, type Ingest } from './ingest/ingest.server.ts';
import { createLogger } from './observability/logger.server.ts';
import { hasServices, registerServices, unregisterServices } from './service-registry.server.ts';
import type { Store } from './store/store.server.ts';
import { createRunChanges, type RunChanges } from './worker/run-changes.server.ts';
import { startWorker, type Worker } from './worker/worker.server.ts';

/** Everything the routes work with, as `event.locals.services`. */
export type Services = {
  readonly config: Config;
  readonly logger: Logger;
  readonly broker: Broker;
  readonly store: Store;
  readonly worker: Worker;
  readonly ingest: Ingest;
  readonly changes: RunChanges;
  /** Aborted when the server begins to shut down: streams end, requests are still served. */
  readonly closing: AbortSignal;
  /** Aborts `closing`. */
  beginClose(): void;
  /** Lets the worker end its delivery, then closes queue and store. Call it after the last request. */
  close(): Promise<void>;
};

/** What tests change of the services. */
export type ServicesOptions = {
  /** Opens queue and store. */
  readonly openData?: typeof openDataFolder;
  /** Waiting events above which batches are put off. */
  readonly maxQueueDepthEvents?: number;
};

/**
 * Starts the services of this process and registers them.
 * Rejects with StartupError when the data folder cannot be used.
 */
export async function startServices(
  config: Config,
  { openData = openDataFolder, maxQueueDepthEvents = MAX_QUEUE_DEPTH_EVENTS }: ServicesOptions = {},
): Promise<Services> {
  if (hasServices()) throw new Error('Services are running in this process already.');
  const logger = createLogger(config.logLevel);
  const { broker, store } = await openData(config.dataFolder, logger);
  const changes = createRunChanges();
  const closing = new AbortController();
  const worker = startWorker({ broker, store, changes, logger });
  const ingest = createIngest({ broker, logger, maxQueueDepthEvents });

  const services: Services = {
    config,
    logger,
    broker,
    store,
    worker,
    ingest,
    changes,
    closing: closing.signal,
    beginClose: () => closing.abort(),
    async close() {
      closing.abort();
      unregisterServices();
      await worker.stop();
      await broker.close();
      await store.close();
    },
  };
  registerServices(services);
  return services;
}
