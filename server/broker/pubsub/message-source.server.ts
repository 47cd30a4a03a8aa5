// Where the messages of a subscription come from, and how many of them this process takes at a time. Which way is
// chosen is in open-message-source.server.ts.
import type { PubSub } from '@google-cloud/pubsub';
import type { Logger } from 'pino';
import type { HeldMessage } from './held-message.server.ts';
import type { Resource } from './pubsub-client.server.ts';

/** Messages that this process holds at most, and their bytes: what waits for a store that is slow or away. */
export const MAX_HELD_MESSAGES = 1000;
export const MAX_HELD_BYTES = 32_000_000;

/** What a source works with. */
export type MessageSourceParts = {
  readonly pubsub: PubSub;
  /** A subscription. */
  readonly resource: Resource;
  /** Takes over each message and settles it some time. */
  readonly receive: (message: HeldMessage) => void;
  readonly logger: Logger;
};

/** A running source. */
export type MessageSource = {
  /** Takes no more messages, and resolves when those that it delivered are settled, or after a few seconds. */
  close(): Promise<void>;
};
