// The leases of messages that were pulled: extended while they are held, ended together where they end together.
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { v1 } from '@google-cloud/pubsub';
import type { Logger } from 'pino';
import { CALL_OPTIONS } from './pubsub-client.server.ts';

/** What a lease is extended to, and how often: twice as often as it needs, as a request may fail. */
const LEASE_SECONDS = 10;
const EXTEND_MS = 4000;
/** How long settled messages wait for others to share a request with. */
const LINGER_MS = 10;
/** How long messages that are held may take to be settled at the end; those left are delivered again. */
const CLOSE_LIMIT_MS = 8000;

/** What it works with. */
export type AckQueueParts = {
  readonly client: v1.SubscriberClient;
  /** With the project's path. */
  readonly subscription: string;
  readonly logger: Logger;
};

/** Leases by their acknowledgement id. */
export type AckQueue = {
  /** Extends the lease from now on. */
  hold(ackId: string): void;
  /** Ends the lease: true for good, false to have the message delivered again. */
  settle(ackId: string, isTaken: boolean): void;
  /** Resolves when every lease has ended, or after a few seconds. */
  close(): Promise<void>;
};

/** Holds nothing at first. A request that fails is logged: its messages are delivered again. */
export function createAckQueue({ client, subscription, logger }: AckQueueParts): AckQueue {
  const held = new Set<string>();
  let taken: string[] = [];
  let givenBack: string[] = [];
  let flushing: Promise<void> | null = null;
  let onEmpty = () => {};
  const extending = setInterval(() => void modify([...held], LEASE_SECONDS), EXTEND_MS);

  async function modify(ackIds: string[], ackDeadlineSeconds: number): Promise<void> {
    if (ackIds.length === 0) return;
    await client
      .modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds }, CALL_OPTIONS)
      .catch((error: unknown) => logger.warn({ err: error }, 'leases were not changed'));
  }

  async function acknowledge(ackIds: string[]): Promise<void> {
    if (ackIds.length === 0) return;
    await client
      .acknowledge({ subscription, ackIds }, CALL_OPTIONS)
      .catch((error: unknown) => logger.warn({ err: error }, 'events were not acknowledged'));
  }

  async function flush(): Promise<void> {
    while (taken.length + givenBack.length > 0) {
      await sleepFor(LINGER_MS);
      const [ackIds, nackIds] = [taken, givenBack];
      taken = [];
      givenBack = [];
      await Promise.all([acknowledge(ackIds), modify(nackIds, 0)]);
    }
    flushing = null;
  }

  return {
    hold: (ackId) => void held.add(ackId),
    settle(ackId, isTaken) {
      held.delete(ackId);
      (isTaken ? taken : givenBack).push(ackId);
      flushing ??= flush();
      if (held.size === 0) onEmpty();
    },
    async close() {
      const limit = new AbortController();
      const isEmpty = new Promise<void>((resolve) => {
        onEmpty = resolve;
        if (held.size === 0) resolve();
      });
      const over = sleepFor(CLOSE_LIMIT_MS, undefined, { signal: limit.signal });
      await Promise.race([isEmpty, over.catch(() => undefined)]);
      limit.abort();
      clearInterval(extending);
      await flushing;
    },
  };
}
