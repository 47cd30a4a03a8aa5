// What the dashboard reads of dead letters: the same shape as the server's queue answers with, by structure.

/** An event that the server has accepted and could not store. */
export type DeadLetterRecord = {
  /** What the command line knows it by. */
  readonly id: string;
  /** `<runId>/<sequence>`. */
  readonly eventId: string;
  /** Such as `kinemark.run.window.v1`. */
  readonly eventType: string;
  readonly runId: string;
  /** Deliveries that failed. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly diedAt: string;
  readonly error: string;
};
