// What becomes of each message that reaches this process, by a stream or by a push: events to the handler, dead
// letters to their box.
import type { Logger } from 'pino';
import type { EventHandler } from '../broker.server.ts';
import type { DeadLetterWriter } from '../dead-letters.server.ts';
import { createDelivery } from './delivery.server.ts';
import { readEventMessage } from './event-message.server.ts';
import type { HeldMessage } from './held-message.server.ts';
import { createLetterBox } from './letter-box.server.ts';
import { toLetterMessage } from './letter-message.server.ts';
import type { TopicPublisher } from './topic-publisher.server.ts';

/** What a reception works with. */
export type ReceptionParts = {
  readonly handler: EventHandler;
  /** Of the topic of dead letters. */
  readonly letters: TopicPublisher;
  readonly deadLetterWriter: DeadLetterWriter;
  readonly logger: Logger;
};

/** Takes over messages; each is settled some time. */
export type Reception = {
  readonly receiveEvent: (message: HeldMessage) => void;
  readonly receiveLetter: (message: HeldMessage) => void;
  /** Resolves when every message is settled: those in progress to their end, the others to come again. */
  stop(): Promise<void>;
};

/** Ready to receive. */
export function createReception({
  handler,
  letters,
  deadLetterWriter,
  logger,
}: ReceptionParts): Reception {
  const letterBox = createLetterBox({ writer: deadLetterWriter, logger });
  const delivery = createDelivery({
    handler,
    bury: (message, death) => letters.publish([toLetterMessage(message, death)]),
    logger,
  });
  return {
    receiveEvent(message) {
      const read = readEventMessage(message.data);
      if (read.ok) delivery.add(message, read.event);
      else delivery.refuse(message, read.reason);
    },
    receiveLetter: (message) => letterBox.add(message),
    async stop() {
      await Promise.all([delivery.stop(), letterBox.stop()]);
    },
  };
}
