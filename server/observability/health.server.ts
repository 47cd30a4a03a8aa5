// Answers whether this process can do its work. Metrics about how well it does are elsewhere.
import type { Logger } from 'pino';
import type { EventPublisher } from '../broker/broker.server.ts';
import type { DeadLetterReader } from '../broker/dead-letters.server.ts';
import type { Role } from '../roles/role.server.ts';
import type { StoreReader } from '../store/store.server.ts';

/** What `/healthz` shows. Null is what the role cannot know, or the queue does not tell. */
export type Health =
  | {
      readonly status: 'ok';
      readonly role: Role;
      readonly queueDepth: number | null;
      readonly deadLetters: number | null;
    }
  | { readonly status: 'unavailable'; readonly reason: string };

/** What is asked, where the role has it. */
export type HealthParts = {
  readonly config: { readonly role: Role };
  readonly publisher: EventPublisher | null;
  readonly store: StoreReader | null;
  readonly deadLetters: DeadLetterReader | null;
  readonly closing: AbortSignal;
  readonly logger: Logger;
};

/** Asks queue and store. Does not reject: a failure is an answer, its cause goes to the log. */
export async function checkHealth({
  config,
  publisher,
  store,
  deadLetters,
  closing,
  logger,
}: HealthParts): Promise<Health> {
  if (closing.aborted) return { status: 'unavailable', reason: 'The server is shutting down.' };
  try {
    const [queueDepth, deadLetterCount] = await Promise.all([
      publisher?.depth() ?? null,
      deadLetters?.count() ?? null,
      store?.listRuns({ limit: 1 }),
    ]);
    return { status: 'ok', role: config.role, queueDepth, deadLetters: deadLetterCount };
  } catch (error) {
    logger.error({ err: error }, 'health check failed');
    return { status: 'unavailable', reason: 'The queue or the store cannot be read.' };
  }
}
