// A message of Pub/Sub as this process holds it, however it came: by a stream or by a push.

/** A message that was delivered and is not yet settled. */
export type HeldMessage = {
  /** Given by Pub/Sub. A message that is delivered again has it again. */
  readonly id: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** When Pub/Sub had accepted it; ISO 8601, UTC. */
  readonly publishedAt: string;
  /** Called once: true ends the message for good, false has it delivered again. */
  settle(isTaken: boolean): void;
};

/** Why and when an event was given up. */
export type Death = {
  /** Deliveries that failed; 0 of what could not even be read. */
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly diedAt: string;
  /** Of the last delivery. */
  readonly error: string;
};
