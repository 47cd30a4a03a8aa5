// The end of a Pub/Sub topic that ingest holds. How a message is published, and how long that may take, is in
// topic-publisher.server.ts.
import type { GoogleConfig } from '../../google-config.server.ts';
import type { EventPublisher } from '../broker.server.ts';
import { toEventMessage } from './event-message.server.ts';
import { openPubSub } from './pubsub-client.server.ts';
import { createTopicPublisher } from './topic-publisher.server.ts';

/** A publisher with an end. */
export type PubSubPublisher = EventPublisher & {
  /** Ends the connection; what is not durable by then rejects. Nothing may be called afterwards. */
  close(): Promise<void>;
};

/** Publishes to `google.topic`. Nothing is asked of the cloud before the first event. */
export function createPubSubPublisher({
  google,
}: {
  readonly google: GoogleConfig;
}): PubSubPublisher {
  const pubsub = openPubSub(google);
  const topic = createTopicPublisher(pubsub, {
    kind: 'topic',
    id: google.topic,
    variable: 'PUBSUB_TOPIC',
  });
  return {
    publish: async (events) => topic.publish(events.map(toEventMessage)),
    depth: async () => null,
    close: () => pubsub.close(),
  };
}
