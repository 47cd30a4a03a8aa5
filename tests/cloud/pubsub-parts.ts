// What tests of the Pub/Sub broker begin with: its ends on the emulator, closed when the test ends, and notes of
// what they were told.
import { Writable } from 'node:stream';
import { PubSub } from '@google-cloud/pubsub';
import { pino, type Logger } from 'pino';
import { onTestFinished } from 'vitest';
import type { EventHandler } from '../../server/broker/broker.server.ts';
import type { DeadLetter, DeadLetterWriter } from '../../server/broker/dead-letters.server.ts';
import {
  createPubSubConsumer,
  type PubSubConsumer,
} from '../../server/broker/pubsub/consumer.server.ts';
import type { PullMode } from '../../server/broker/pubsub/open-message-source.server.ts';
import {
  createPubSubPublisher,
  type PubSubPublisher,
} from '../../server/broker/pubsub/publisher.server.ts';
import type { GoogleConfig } from '../../server/google-config.server.ts';

/** How long a message may take from one end to the other; it usually takes some 30 ms. */
export const ARRIVAL = { timeout: 40_000, interval: 50 };

/** A logger, and what was logged. */
export type NotedLog = {
  readonly logger: Logger;
  /** The lines so far, as objects. */
  readonly lines: Record<string, unknown>[];
};

/** Notes what is logged from `level` on. */
export function notedLog(level = 'warn'): NotedLog {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { logger: pino({ level, base: null }, stream), lines };
}

/** A publisher that is closed when the test ends. */
export function openPublisher(google: GoogleConfig): PubSubPublisher {
  const publisher = createPubSubPublisher({ google });
  onTestFinished(() => publisher.close());
  return publisher;
}

/** A consumer that is closed when the test ends, with dead letters and log noted. */
export function openConsumer(
  google: GoogleConfig,
  {
    writer = { put: async () => undefined },
    pullMode,
  }: { readonly writer?: DeadLetterWriter; readonly pullMode?: PullMode } = {},
): { consumer: PubSubConsumer; letters: DeadLetter[]; log: NotedLog } {
  const letters: DeadLetter[] = [];
  const log = notedLog();
  const consumer = createPubSubConsumer({
    google,
    logger: log.logger,
    ...(pullMode && { pullMode }),
    deadLetterWriter: {
      async put(letter) {
        await writer.put(letter);
        letters.push(letter);
      },
    },
  });
  onTestFinished(() => consumer.close());
  return { consumer, letters, log };
}

/** Keeps the ids of each delivery. */
export function recorder(): {
  readonly handler: EventHandler;
  readonly deliveries: readonly string[][];
  readonly ids: () => readonly string[];
} {
  const deliveries: string[][] = [];
  return {
    deliveries,
    ids: () => deliveries.flat(),
    handler: async (events) => void deliveries.push(events.map(({ id }) => id)),
  };
}

/** A client of the test's own. */
export function openClient(google: GoogleConfig): PubSub {
  const client = new PubSub({ projectId: google.project });
  onTestFinished(() => client.close());
  return client;
}

/** A message of a topic as the test takes it off. */
export type TakenMessage = {
  readonly data: string;
  readonly attributes: Record<string, string>;
  readonly orderingKey: string;
};

/** Takes messages off a subscription until the test ends; the list grows. */
export function takeOff(google: GoogleConfig, subscriptionId: string): TakenMessage[] {
  const taken: TakenMessage[] = [];
  const subscription = openClient(google).subscription(subscriptionId);
  subscription.on('error', () => undefined);
  subscription.on('message', (message) => {
    const { attributes, orderingKey = '' } = message;
    taken.push({ data: message.data.toString(), attributes, orderingKey });
    message.ack();
  });
  // Before its client: what is registered last is done first.
  onTestFinished(() => subscription.close());
  return taken;
}
