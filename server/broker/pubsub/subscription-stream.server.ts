// One streaming pull on one subscription, opened again whenever it breaks. What becomes of a message is the
// receiver's decision.
import { setTimeout as sleepFor } from 'node:timers/promises';
import { Duration, SubscriptionCloseBehaviors } from '@google-cloud/pubsub';
import type { Message, Subscription, SubscriptionOptions } from '@google-cloud/pubsub';
import type { HeldMessage } from './held-message.server.ts';
import {
  MAX_HELD_BYTES,
  MAX_HELD_MESSAGES,
  type MessageSource,
  type MessageSourceParts,
} from './message-source.server.ts';
import { explainFailure } from './pubsub-client.server.ts';

/** The lease that the library extends while a message is held. After a crash it has to run out. */
const MIN_LEASE = Duration.from({ seconds: 10 });
const MAX_LEASE = Duration.from({ seconds: 30 });
/** How long the library tries to connect before it says that it cannot. */
const CONNECT_LIMIT_MS = 30_000;
/** How long acknowledgements may take at the end: Cloud Run kills what has not ended 10 s after it was told to. */
const CLOSE_LIMIT = Duration.from({ seconds: 8 });
/** Back-off before a broken stream is opened again, by the library or here: doubles from the first to the last. */
const FIRST_REOPEN_MS = 500;
const MAX_REOPEN_MS = 16_000;

/** Opens it. */
export function openSubscriptionStream({
  pubsub,
  resource,
  receive,
  logger,
}: MessageSourceParts): MessageSource {
  const closing = new AbortController();
  /** Of broken ones too: they settle what they had delivered. */
  const closes = new Set<Promise<void>>();
  let subscription = open(FIRST_REOPEN_MS);

  function open(reopenMs: number): Subscription {
    const opened = pubsub.subscription(resource.id, streamOptions());
    const openedAtMs = performance.now();
    let isBroken = false;
    const closed: Promise<void> = new Promise<void>((resolve) => {
      opened.once('close', () => resolve());
    }).finally(() => closes.delete(closed));
    closes.add(closed);
    opened.on('debug', ({ message }) => logger.debug({ subscription: resource.id }, message));
    // Without this listener the process would end.
    opened.on('error', (failure: unknown) => {
      if (isBroken || closing.signal.aborted) return;
      isBroken = true;
      const err = explainFailure(failure, resource, pubsub.projectId);
      logger.error({ err, subscription: resource.id }, 'the subscription cannot be read');
      void opened.close();
      const livedMs = performance.now() - openedAtMs;
      void reopen(livedMs > MAX_REOPEN_MS ? FIRST_REOPEN_MS : reopenMs);
    });
    opened.on('message', (message: Message) => receive(toHeldMessage(message)));
    return opened;
  }

  async function reopen(afterMs: number): Promise<void> {
    await sleepFor(afterMs, undefined, { signal: closing.signal }).catch(() => undefined);
    if (closing.signal.aborted) return;
    subscription = open(Math.min(MAX_REOPEN_MS, afterMs * 2));
  }

  return {
    async close() {
      closing.abort();
      await subscription.close();
      await Promise.all(closes);
    },
  };
}

function streamOptions(): SubscriptionOptions {
  return {
    flowControl: { maxMessages: MAX_HELD_MESSAGES, maxBytes: MAX_HELD_BYTES },
    minAckDeadline: MIN_LEASE,
    maxAckDeadline: MAX_LEASE,
    // One is enough for what a store can write, and keeps the order in which messages come.
    streamingOptions: {
      maxStreams: 1,
      timeout: CONNECT_LIMIT_MS,
      retryMaxBackoff: Duration.from({ milliseconds: MAX_REOPEN_MS }),
    },
    closeOptions: { behavior: SubscriptionCloseBehaviors.WaitForProcessing, timeout: CLOSE_LIMIT },
  };
}

function toHeldMessage(message: Message): HeldMessage {
  return {
    id: message.id,
    data: message.data,
    attributes: message.attributes,
    publishedAt: new Date(message.publishTime.getTime()).toISOString(),
    settle(isTaken) {
      if (isTaken) message.ack();
      else message.nack();
    },
  };
}
