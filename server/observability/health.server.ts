// Answers whether this process can do its work. Metrics about how well it does are elsewhere.
import type { Logger } from 'pino';
import type { Broker } from '../broker/broker.server.ts';
import type { Store } from '../store/store.server.ts';

/** What `/healthz` shows. */
export type Health =
  | { readonly status: 'ok'; readonly queueDepth: number; readonly deadLetters: number }
  | { readonly status: 'unavailable'; readonly reason: string };

/** What is asked. */
export type HealthParts = {
  readonly broker: Broker;
  readonly store: Store;
  readonly closing: AbortSignal;
  readonly logger: Logger;
};

/** Asks broker and store. Does not reject: a failure is an answer, its cause goes to the log. */
export async function checkHealth({
  broker,
  store,
  closing,
  logger,
}: HealthParts): Promise<Health> {
  if (closing.aborted) return { status: 'unavailable', reason: 'The server is shutting down.' };
  try {
    const [queueDepth, deadLetters] = await Promise.all([
      broker.depth(),
      broker.deadLetters().count(),
      store.listRuns({ limit: 1 }),
    ]);
    return { status: 'ok', queueDepth, deadLetters };
  } catch (error) {
    logger.error({ err: error }, 'health check failed');
    return { status: 'unavailable', reason: 'The queue or the store cannot be read.' };
  }
}
