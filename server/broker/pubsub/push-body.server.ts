// The body of a push: a message of Pub/Sub in JSON, and the subscription that it is of.
import * as v from 'valibot';

const pushSchema = v.looseObject({
  message: v.looseObject({
    data: v.optional(v.pipe(v.string(), v.base64()), ''),
    attributes: v.optional(v.record(v.string(), v.string()), {}),
    messageId: v.pipe(v.string(), v.minLength(1)),
    publishTime: v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
  }),
  subscription: v.string(),
});

/** A pushed message, not yet settled. */
export type PushedMessage = {
  readonly id: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly publishedAt: string;
  /** Id, without the project's path. */
  readonly subscription: string;
};

/** Reads a decoded JSON value; null when it is no push. */
export function readPushBody(value: unknown): PushedMessage | null {
  const parsed = v.safeParse(pushSchema, value);
  if (!parsed.success) return null;
  const { message, subscription } = parsed.output;
  return {
    id: message.messageId,
    data: Buffer.from(message.data, 'base64'),
    attributes: message.attributes,
    publishedAt: new Date(message.publishTime).toISOString(),
    subscription: subscription.split('/').at(-1) ?? '',
  };
}
