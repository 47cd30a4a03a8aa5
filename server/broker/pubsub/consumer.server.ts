// The end of the Pub/Sub subscriptions that the worker holds: events and dead letters, pulled or pushed as the
// configuration says.
import type { Logger } from 'pino';
import type { GoogleConfig } from '../../google-config.server.ts';
import type { PushReceiver } from '../../roles/parts.server.ts';
import type { Consumer, EventConsumer } from '../broker.server.ts';
import type { DeadLetterWriter } from '../dead-letters.server.ts';
import type { MessageSource } from './message-source.server.ts';
import { openMessageSource, type PullMode } from './open-message-source.server.ts';
import { openPubSub } from './pubsub-client.server.ts';
import { createPushReceiver } from './push-receiver.server.ts';
import { GOOGLE_KEYS_URL } from './push-token.server.ts';
import { createReception, type Reception } from './reception.server.ts';
import { createTopicPublisher } from './topic-publisher.server.ts';

/** A consumer with an end. */
export type PubSubConsumer = EventConsumer & {
  /** Null where events are pulled. */
  readonly pushReceiver: PushReceiver | null;
  /** Stops all consumers, then ends the connection. Nothing may be called afterwards. */
  close(): Promise<void>;
};

/** What a consumer works with. */
export type PubSubConsumerParts = {
  readonly google: GoogleConfig;
  /** Where dead letters are kept. */
  readonly deadLetterWriter: DeadLetterWriter;
  readonly logger: Logger;
  /** Of the keys that sign pushes; for tests. */
  readonly keysUrl?: string;
  /** For tests; else as `openMessageSource` has it. */
  readonly pullMode?: PullMode;
};

/** Nothing is asked of the cloud before the first `consume`. With pushes there is one `consume` at a time. */
export function createPubSubConsumer({
  google,
  deadLetterWriter,
  logger,
  keysUrl = GOOGLE_KEYS_URL,
  pullMode,
}: PubSubConsumerParts): PubSubConsumer {
  const pubsub = openPubSub(google);
  const letters = createTopicPublisher(pubsub, {
    kind: 'topic',
    id: google.deadLetterTopic,
    variable: 'PUBSUB_DEAD_LETTER_TOPIC',
  });
  const push = google.push && createPushReceiver({ google, push: google.push, logger, keysUrl });
  const consumers = new Set<Consumer>();

  function openSources({ receiveEvent, receiveLetter }: Reception): MessageSource {
    const sources = [
      { id: google.subscription, variable: 'PUBSUB_SUBSCRIPTION', receive: receiveEvent },
      {
        id: google.deadLetterSubscription,
        variable: 'PUBSUB_DEAD_LETTER_SUBSCRIPTION',
        receive: receiveLetter,
      },
    ].map(({ id, variable, receive }) => {
      const resource = { kind: 'subscription', id, variable } as const;
      return openMessageSource({ pubsub, resource, receive, logger }, pullMode);
    });
    return {
      async close() {
        await Promise.all(sources.map((source) => source.close()));
      },
    };
  }

  return {
    consume(handler) {
      const reception = createReception({ handler, letters, deadLetterWriter, logger });
      const source = push ? push.open(reception) : openSources(reception);
      const consumer: Consumer = {
        async stop() {
          await Promise.all([source.close(), reception.stop()]);
          consumers.delete(consumer);
        },
      };
      consumers.add(consumer);
      return consumer;
    },
    pushReceiver: push,
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      await pubsub.close();
    },
  };
}
