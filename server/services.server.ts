// Puts the server's parts together, and takes them apart again in the right order.
import type { Logger } from 'pino';
import type { EventPublisher } from './broker/broker.server.ts';
import type { DeadLetterReader } from './broker/dead-letters.server.ts';
import { MAX_QUEUE_DEPTH_EVENTS, type Config } from './config.server.ts';
import { createIngestRelay } from './ingest/ingest-relay.server.ts';
import { createIngest, type Ingest } from './ingest/ingest.server.ts';
import { createServiceIdentity } from './ingest/service-identity.server.ts';
import { createLogger } from './observability/logger.server.ts';
import { openParts } from './roles/open-parts.server.ts';
import type { Parts, PushReceiver } from './roles/parts.server.ts';
import { hasServices, registerServices, unregisterServices } from './service-registry.server.ts';
import type { StoreReader } from './store/store.server.ts';
import { createRunChanges, type RunChanges } from './worker/run-changes.server.ts';
import { startWorker, type Worker } from './worker/worker.server.ts';

/** Everything the routes work with, as `event.locals.services`. Null is what the role has no part in. */
export type Services = {
  readonly config: Config;
  readonly logger: Logger;
  readonly publisher: EventPublisher | null;
  readonly ingest: Ingest | null;
  readonly pushReceiver: PushReceiver | null;
  readonly store: StoreReader | null;
  readonly deadLetters: DeadLetterReader | null;
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
  readonly open?: (config: Config, logger: Logger) => Promise<Parts>;
  /** Waiting events above which batches are put off. */
  readonly maxQueueDepthEvents?: number;
};

/**
 * Starts the services of this process and registers them.
 * Rejects with StartupError when queue or store cannot be used.
 */
export async function startServices(
  config: Config,
  { open = openParts, maxQueueDepthEvents = MAX_QUEUE_DEPTH_EVENTS }: ServicesOptions = {},
): Promise<Services> {
  if (hasServices()) throw new Error('Services are running in this process already.');
  const logger = createLogger(config.logLevel);
  const parts = await open(config, logger);
  const changes = createRunChanges();
  const closing = new AbortController();
  const worker = workerOf(parts, changes, logger);
  const endWatch = parts.watch?.start((runId) => changes.emit(runId));

  const services: Services = {
    config,
    logger,
    publisher: parts.publisher,
    ingest: ingestOf(parts, config, logger, maxQueueDepthEvents),
    pushReceiver: parts.pushReceiver,
    store: parts.reader,
    deadLetters: parts.deadLetters,
    changes,
    closing: closing.signal,
    beginClose: () => closing.abort(),
    async close() {
      closing.abort();
      unregisterServices();
      endWatch?.();
      await worker?.stop();
      await parts.close();
    },
  };
  registerServices(services);
  return services;
}

/** Null for roles that do not write. */
function workerOf(parts: Parts, changes: RunChanges, logger: Logger): Worker | null {
  const { consumer, writer } = parts;
  if (consumer === null || writer === null) return null;
  // A watch tells of this worker's changes too.
  const emit = parts.watch ? () => undefined : (runId: string) => changes.emit(runId);
  return startWorker({ consumer, writer, emit, logger });
}

/** Null for roles that neither publish events nor pass them on. */
function ingestOf(
  { publisher }: Parts,
  { ingestUrl }: Config,
  logger: Logger,
  maxQueueDepthEvents: number,
): Ingest | null {
  if (publisher !== null) return createIngest({ publisher, logger, maxQueueDepthEvents });
  if (ingestUrl === null) return null;
  return createIngestRelay({ ingestUrl, identify: createServiceIdentity(ingestUrl), logger });
}
