// What deployment creates in Google's cloud for the queue, created in the emulator: topics and subscriptions.
import { PubSub } from '@google-cloud/pubsub';
import type { GoogleConfig } from '../../server/google-config.server.ts';

/** The shortest that Pub/Sub takes, so that a test of a killed worker waits as little as it can. */
const ACK_DEADLINE_SECONDS = 10;

/**
 * Creates topic, subscription, dead-letter topic and its subscription, in a project that has none of them. Events
 * are ordered; letters are not, so that one which cannot be kept holds up no other.
 */
export async function createResources(google: GoogleConfig): Promise<void> {
  const pubsub = new PubSub({ projectId: google.project });
  try {
    const [[topic], [deadLetterTopic]] = await Promise.all([
      pubsub.createTopic(google.topic),
      pubsub.createTopic(google.deadLetterTopic),
    ]);
    const ackDeadlineSeconds = ACK_DEADLINE_SECONDS;
    await Promise.all([
      topic.createSubscription(google.subscription, {
        enableMessageOrdering: true,
        ackDeadlineSeconds,
      }),
      deadLetterTopic.createSubscription(google.deadLetterSubscription, { ackDeadlineSeconds }),
    ]);
  } finally {
    await pubsub.close();
  }
}
