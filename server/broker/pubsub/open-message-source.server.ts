// Chooses how the messages of a subscription are pulled.
import type { MessageSource, MessageSourceParts } from './message-source.server.ts';
import { openPullLoop } from './pull-loop.server.ts';
import { openSubscriptionStream } from './subscription-stream.server.ts';

/** The ways to pull: a stream, or one request after the other. */
export type PullMode = 'stream' | 'requests';

/**
 * Opens a source, in Google's cloud a stream. Google's emulator (0.8.20) is never told that a stream was cut off
 * (a NoSuchMethodError in its own libraries) and gives the runs that it had given to that stream to nobody else,
 * so that after the death of a worker they would wait for ever; there it is requests. A subscription that is not
 * there is logged, and tried again.
 */
export function openMessageSource(
  parts: MessageSourceParts,
  mode: PullMode = parts.pubsub.isEmulator ? 'requests' : 'stream',
): MessageSource {
  return mode === 'stream' ? openSubscriptionStream(parts) : openPullLoop(parts);
}
