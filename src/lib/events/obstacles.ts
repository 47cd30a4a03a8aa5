// What keeps batches from being sent, and for how long the server wants to be left alone.

/** Why nothing is sent. `isLasting`: unlikely to be better soon. */
export type Obstacle =
  | { readonly kind: 'retry'; readonly reason: string; readonly isLasting: boolean }
  | { readonly kind: 'broken' | 'unauthorised'; readonly reason: string };

/** Of several obstacles the one that takes more to get over counts. */
const RANKS: Readonly<Record<Obstacle['kind'], number>> = { retry: 0, broken: 1, unauthorised: 2 };

/** No server is left alone longer than this, in ms: it may have meant ms and written seconds. */
export const LONGEST_QUIET_MS = 3_600_000;

/** The obstacles that an uploader has met and not got over. */
export type Obstacles = {
  /** Null when there is none. */
  readonly worst: Obstacle | null;
  /** How much longer the server wants to be left alone, in ms; 0 when it does not. */
  readonly quietMs: number;
  meet(obstacle: Obstacle): void;
  /** The server asks to be left alone for `durationMs` from now. */
  keepQuiet(durationMs: number): void;
  /** The obstacles are over; what the server asked for is not. */
  overcome(): void;
  /** All is over. */
  forget(): void;
};

/** No obstacles. `now` in ms, monotonic. */
export function createObstacles(now: () => number): Obstacles {
  let worst: Obstacle | null = null;
  let quietUntilMs = -Infinity;
  return {
    get worst() {
      return worst;
    },
    get quietMs() {
      return Math.max(0, quietUntilMs - now());
    },
    meet(obstacle) {
      if (!worst || RANKS[obstacle.kind] > RANKS[worst.kind]) worst = obstacle;
    },
    keepQuiet(durationMs) {
      quietUntilMs = Math.max(quietUntilMs, now() + Math.min(durationMs, LONGEST_QUIET_MS));
    },
    overcome() {
      worst = null;
    },
    forget() {
      worst = null;
      quietUntilMs = -Infinity;
    },
  };
}
