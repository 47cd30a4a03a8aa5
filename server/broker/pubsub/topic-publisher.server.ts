// Publishes messages to one topic within a bounded time and memory. What is in a message is the caller's.
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { PubSub, PublishOptions } from '@google-cloud/pubsub';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from '../../../src/lib/events/parse-batch.ts';
import { CALL_OPTIONS, explainFailure, type Resource } from './pubsub-client.server.ts';

/** Of a whole publish, what comes before the request included: a token, or messages of the same run. */
export const PUBLISH_LIMIT_MS = 8000;
/** Messages that are not known to be durable: what 64 batches at once, the most that ingest takes, can hold. */
const MAX_OUTSTANDING_BYTES = 64 * MAX_BATCH_BYTES;

const PUBLISH_OPTIONS: PublishOptions = {
  batching: {
    // One batch of a device in one request, with its attributes; and no waiting for more, as only messages with
    // the same ordering key may share a request.
    maxMessages: MAX_BATCH_EVENTS,
    maxBytes: 3 * MAX_BATCH_BYTES,
    maxMilliseconds: 1,
  },
  gaxOpts: CALL_OPTIONS,
};

/** What is published. */
export type OutgoingMessage = {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages with the same key are delivered in the order in which they were published. */
  readonly orderingKey?: string;
};

/** Publishes to a topic. */
export type TopicPublisher = {
  /**
   * Resolves when all messages are durable. Rejects within PUBLISH_LIMIT_MS when that is not known of all of
   * them; some may be durable then, or become it. Rejects at once when too much is outstanding.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
};

/** Publishes with `pubsub`, which is the caller's to close. */
export function createTopicPublisher(pubsub: PubSub, resource: Resource): TopicPublisher {
  const topic = pubsub.topic(resource.id, { ...PUBLISH_OPTIONS, messageOrdering: true });
  let outstandingBytes = 0;

  /** Settles when the library is through with the message, which can be after the limit. */
  async function publishOne({ data, attributes, orderingKey }: OutgoingMessage): Promise<void> {
    const bytes = data.byteLength;
    outstandingBytes += bytes;
    try {
      const message = { data, attributes: { ...attributes } };
      await topic.publishMessage(orderingKey === undefined ? message : { ...message, orderingKey });
    } catch (failure) {
      // After a failure the library may refuse all of the run until it is told to go on.
      if (orderingKey !== undefined) topic.resumePublishing(orderingKey);
      throw failure;
    } finally {
      outstandingBytes -= bytes;
    }
  }

  return {
    async publish(messages) {
      if (outstandingBytes > MAX_OUTSTANDING_BYTES) {
        throw new Error(
          `the topic ${resource.id} is slower than events arrive; those that arrive now have to come again`,
        );
      }
      try {
        await within(PUBLISH_LIMIT_MS, Promise.all(messages.map(publishOne)), resource.id);
      } catch (failure) {
        throw explainFailure(failure, resource, pubsub.projectId);
      }
    },
  };
}

/** Rejects when `work` has not ended after `limitMs`; its own end is of no interest then. */
async function within(limitMs: number, work: Promise<unknown>, topicId: string): Promise<void> {
  const timer = new AbortController();
  const limit = sleepFor(limitMs, undefined, { signal: timer.signal }).then(
    () => {
      throw new Error(`the topic ${topicId} has not taken the events within ${limitMs} ms`);
    },
    () => undefined,
  );
  try {
    await Promise.race([work, limit]);
  } finally {
    timer.abort();
  }
}
