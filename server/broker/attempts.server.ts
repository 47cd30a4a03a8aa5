// How often an event is delivered and how long it rests in between, whichever queue it is in.

/** Deliveries after which an event is put aside as a dead letter; the embedded queue's index names it too. */
export const MAX_ATTEMPTS = 5;

/** Back-off after a failed delivery: 1, 4, 16, 60 s, so that a minute without a store is survived. */
const FIRST_BACK_OFF_MS = 1000;
const BACK_OFF_FACTOR = 4;
export const MAX_BACK_OFF_MS = 60_000;

/** The error of an event whose last delivery told none. */
export const PROCESS_ENDED = 'the process ended during the delivery';

/** How much of an error is kept with a dead letter. */
export const MAX_ERROR_CHARACTERS = 500;

/** How long an event rests after its `attempts`-th failed delivery, counted from 1; in ms. */
export function backOffMs(attempts: number): number {
  return Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * BACK_OFF_FACTOR ** (attempts - 1));
}

/** What is said of a failure: the message of an Error, else the thing as text. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
