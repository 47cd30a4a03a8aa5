// The contract of dead letters: events that no delivery could hand over, with the last error, until a
// person has looked at them. Brokers implement it; the command and the page use it.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';

/** A dead letter as it is listed, without what is in the event. */
export type DeadLetterEntry = {
  /** Given by the broker. An event that dies again after a replay has another one. */
  readonly id: string;
  readonly eventId: string;
  readonly eventType: MetricEvent['type'];
  readonly runId: string;
  /** Deliveries that failed. */
  readonly attempts: number;
  /** When the server had accepted the event; ISO 8601, UTC. */
  readonly publishedAt: string;
  /** When it was put aside; ISO 8601, UTC. */
  readonly diedAt: string;
  /** Of the last delivery: one line or a few, for people. */
  readonly error: string;
};

/** A dead letter and its event. */
export type DeadLetter = DeadLetterEntry & { readonly event: MetricEvent };

/** Which dead letters: those with these ids, or all there are. */
export type DeadLetterChoice = readonly string[] | 'all';

/** What became of a choice. */
export type DeadLetterChange = {
  /** Dead letters that were moved or forgotten; 0 where an id is unknown. */
  readonly changed: number;
  /** Ids that are no dead letter's. With even one of them nothing at all was done. */
  readonly unknownIds: readonly string[];
};

/** What a dashboard may do with them: look. Every method rejects when they cannot be reached. */
export type DeadLetterReader = {
  count(): Promise<number>;
  /** The newest first, `limit` at most. */
  list(query: { readonly limit: number }): Promise<readonly DeadLetterEntry[]>;
  /** Null when there is none with this id. */
  get(id: string): Promise<DeadLetter | null>;
};

/** What the worker does with an event that died, where dead letters are kept in the store. */
export type DeadLetterWriter = {
  /** Resolves when the letter is durable; one with the same id is written over. */
  put(letter: DeadLetter): Promise<void>;
};

/**
 * Any process that has the queue may use them, while others deliver. Where the queue cannot be reached,
 * `replay` and `drop` have done nothing that cannot be asked for again.
 */
export type DeadLetters = DeadLetterReader & {
  /**
   * Publishes the events once more, oldest first, with the ids they have and no failed deliveries. An event
   * may come twice by it, which handlers bear.
   */
  replay(choice: DeadLetterChoice): Promise<DeadLetterChange>;
  /** Forgets dead letters, and with them their events, for good. */
  drop(choice: DeadLetterChoice): Promise<DeadLetterChange>;
};
