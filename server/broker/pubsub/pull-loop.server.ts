// Pulls the messages of one subscription request by request, and keeps their leases while they are held.
import { setTimeout as sleepFor } from 'node:timers/promises';
import { v1 } from '@google-cloud/pubsub';
import { createAckQueue, type AckQueue } from './ack-queue.server.ts';
import type { HeldMessage } from './held-message.server.ts';
import {
  MAX_HELD_BYTES,
  MAX_HELD_MESSAGES,
  type MessageSource,
  type MessageSourceParts,
} from './message-source.server.ts';
import { GRPC_CODES, explainFailure } from './pubsub-client.server.ts';

/** How long a request waits for messages. One that is under way is waited for at the end. */
const PULL_LIMIT_MS = 2000;
/** Messages of one answer. */
const MAX_PULLED_MESSAGES = 200;
/** How often it is looked whether there is room again. */
const ROOM_CHECK_MS = 50;
/** Back-off after a failed request: doubles from the first to the last. */
const FIRST_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 16_000;

/** What is read of an answer. */
type Received = {
  readonly ackId?: string | null;
  readonly message?: {
    readonly messageId?: string | null;
    readonly data?: Uint8Array | string | null;
    readonly attributes?: Readonly<Record<string, string>> | null;
    readonly publishTime?: Timestamp | null;
  } | null;
};
type Timestamp = { readonly seconds?: unknown; readonly nanos?: number | null };

/** Starts to pull. */
export function openPullLoop({
  pubsub,
  resource,
  receive,
  logger,
}: MessageSourceParts): MessageSource {
  const closing = new AbortController();
  const subscription = `projects/${pubsub.projectId}/subscriptions/${resource.id}`;
  let heldMessages = 0;
  let heldBytes = 0;

  function hold({ ackId, message }: Received, acks: AckQueue): void {
    if (!ackId || !message?.messageId) return;
    const data = Buffer.from(message.data ?? '');
    heldMessages += 1;
    heldBytes += data.byteLength;
    acks.hold(ackId);
    const held: HeldMessage = {
      id: message.messageId,
      data,
      attributes: message.attributes ?? {},
      publishedAt: readTimestamp(message.publishTime),
      settle(isTaken) {
        heldMessages -= 1;
        heldBytes -= data.byteLength;
        acks.settle(ackId, isTaken);
      },
    };
    receive(held);
  }

  async function pull(client: v1.SubscriberClient): Promise<readonly Received[]> {
    const maxMessages = Math.min(MAX_PULLED_MESSAGES, MAX_HELD_MESSAGES - heldMessages);
    const options = { timeout: PULL_LIMIT_MS, retry: null };
    try {
      const [{ receivedMessages }] = await client.pull({ subscription, maxMessages }, options);
      return receivedMessages ?? [];
    } catch (failure) {
      if ((failure as { code?: unknown }).code === GRPC_CODES.deadlineExceeded) return [];
      throw failure;
    }
  }

  async function rest(ms: number): Promise<void> {
    await sleepFor(ms, undefined, { signal: closing.signal }).catch(() => undefined);
  }

  async function pullAll(client: v1.SubscriberClient, acks: AckQueue): Promise<void> {
    let backOffMs = FIRST_BACK_OFF_MS;
    while (!closing.signal.aborted) {
      if (heldMessages >= MAX_HELD_MESSAGES || heldBytes >= MAX_HELD_BYTES) {
        await rest(ROOM_CHECK_MS);
        continue;
      }
      try {
        for (const received of await pull(client)) hold(received, acks);
        backOffMs = FIRST_BACK_OFF_MS;
      } catch (failure) {
        const err = explainFailure(failure, resource, pubsub.projectId);
        logger.error({ err, subscription: resource.id }, 'the subscription cannot be read');
        await rest(backOffMs);
        backOffMs = Math.min(MAX_BACK_OFF_MS, backOffMs * 2);
      }
    }
  }

  async function run(): Promise<void> {
    const client = new v1.SubscriberClient({ ...(await pubsub.getClientConfig()) });
    const acks = createAckQueue({ client, subscription, logger });
    await pullAll(client, acks);
    await acks.close();
    await client.close();
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

function readTimestamp(time: Timestamp | null | undefined): string {
  const ms = Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1e6);
  return new Date(ms).toISOString();
}
