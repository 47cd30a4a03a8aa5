// The ends of queue and store that a process holds. What its role may not do is null, and its client was
// never loaded.
import type { EventConsumer, EventPublisher } from '../broker/broker.server.ts';
import type { DeadLetterReader } from '../broker/dead-letters.server.ts';
import type { StoreReader, StoreWriter } from '../store/store.server.ts';

/** Takes events that the queue pushes over HTTP. */
export type PushReceiver = {
  /** Answers 204 once the events of the request are taken over; anything else has them pushed again. */
  handle(request: Request): Promise<Response>;
};

/** Tells of runs that other processes have changed. */
export type RunWatch = {
  /** Calls `listener` with the id of each changed run until the returned function is called. */
  start(listener: (runId: string) => void): () => void;
};

/** What a process works with. */
export type Parts = {
  readonly publisher: EventPublisher | null;
  readonly consumer: EventConsumer | null;
  readonly pushReceiver: PushReceiver | null;
  readonly writer: StoreWriter | null;
  readonly reader: StoreReader | null;
  readonly deadLetters: DeadLetterReader | null;
  /** Null where nobody but this process changes runs. */
  readonly watch: RunWatch | null;
  /** Lets deliveries in progress end, then closes everything. Nothing may be called afterwards. */
  close(): Promise<void>;
};
