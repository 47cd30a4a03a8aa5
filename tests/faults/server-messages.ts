// What the harness and the server's process tell each other.

/** What a server is given to serve, and how. */
export type ServedFolder = {
  readonly folder: string;
  readonly clockOffsetMs: number;
  /** Of how long its writes to the store take. */
  readonly seed: number;
  /** Events that may wait in its queue before it puts off what comes; null for the usual limit. */
  readonly maxQueueDepthEvents: number | null;
  /** So many writes to the store fail; null for all. */
  readonly writesToFail: number | null;
};

/** From the harness to the server's process. */
export type ToServer =
  /** Serve from this folder, which may hold what another process has left. */
  | ({ readonly kind: 'open' } & ServedFolder)
  /** Close the folder and wait for the next. */
  | { readonly kind: 'close' }
  /** The wall clock jumps to this distance from the true time. */
  | { readonly kind: 'set-clock'; readonly offsetMs: number }
  /** The next writes to the store fail, null for all; 0 mends it. */
  | { readonly kind: 'break-store'; readonly writes: number | null }
  | { readonly kind: 'ask-depth' }
  /** All dead letters into the queue again, as an operator does once the cause is gone. */
  | { readonly kind: 'replay-dead-letters' };

/** From the server's process to the harness. */
export type FromServer =
  /** The program is loaded and waits for a folder. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'listening'; readonly origin: string }
  | { readonly kind: 'closed' }
  /** A write to the store failed, as it was told to. */
  | { readonly kind: 'failed' }
  /** A write to the store is complete. */
  | { readonly kind: 'written'; readonly newEvents: number }
  /** Events that wait in the queue, and dead letters. */
  | { readonly kind: 'depth'; readonly waiting: number; readonly dead: number };
