// Takes dead letters off the dead-letter topic and keeps them where people look at them.
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DeadLetterWriter } from '../dead-letters.server.ts';
import type { HeldMessage } from './held-message.server.ts';
import { readLetterMessage } from './letter-message.server.ts';

/** How long a letter that could not be kept is held before it is delivered again. */
const LETTER_BACK_OFF_MS = 10_000;
/** Of a payload that is no event of ours: enough to tell who sent it. */
const MAX_SHOWN_BYTES = 200;

/** What a letter box works with; the back-off is for tests. */
export type LetterBoxParts = {
  readonly writer: DeadLetterWriter;
  readonly logger: Logger;
  readonly backOffMs?: number;
};

/** A running letter box. */
export type LetterBox = {
  /** Takes over a letter. It is settled some time: for good once it is durable. */
  add(message: HeldMessage): void;
  /** Resolves when every letter is settled; what waits for another try is given back. */
  stop(): Promise<void>;
};

/** Starts with nothing. */
export function createLetterBox({
  writer,
  logger,
  backOffMs = LETTER_BACK_OFF_MS,
}: LetterBoxParts): LetterBox {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function keep(message: HeldMessage): Promise<void> {
    const read = readLetterMessage(message);
    if (!read.ok) {
      // No publisher of ours, of whatever version, can have made it, and no store has a place for it.
      const payload = Buffer.from(message.data).toString('utf8', 0, MAX_SHOWN_BYTES);
      const bytes = message.data.byteLength;
      const { reason } = read;
      logger.error({ messageId: message.id, reason, bytes, payload }, 'a stray message is dropped');
      message.settle(true);
      return;
    }
    try {
      await writer.put(read.letter);
      message.settle(true);
    } catch (error) {
      logger.error({ err: error, messageId: message.id }, 'a dead letter cannot be kept yet');
      await sleepFor(backOffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      message.settle(false);
    }
  }

  return {
    add(message) {
      if (stopping.signal.aborted) {
        message.settle(false);
        return;
      }
      const kept = keep(message).finally(() => running.delete(kept));
      running.add(kept);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
