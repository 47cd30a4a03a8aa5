// What an uploader is doing, for those who watch it and those who wait until it rests.
import type { DeliveryState } from './uploader.ts';

/** The state of one uploader. */
export type DeliveryStatus = {
  readonly state: DeliveryState;
  /** It waits for something other than the answer to a batch. */
  readonly isAtRest: boolean;
  /** Tells every listener, unless nothing has changed. */
  enter(state: DeliveryState): void;
  /** Enters a state in which it has done what it can, and resolves every `untilRest()`. */
  rest(state: DeliveryState): void;
  /** Resolves the next time it rests. */
  untilRest(): Promise<void>;
  /** Calls `listener` at once and at each change; returns the function that ends it. */
  subscribe(listener: (state: DeliveryState) => void): () => void;
};

/** Idle at first. */
export function createDeliveryStatus(): DeliveryStatus {
  let state: DeliveryState = { kind: 'idle' };
  let waiting: (() => void)[] = [];
  // A subscription is an object of its own: the same function may listen twice.
  const subscriptions = new Set<{ readonly listener: (state: DeliveryState) => void }>();

  const isAtRest = () => state.kind !== 'idle' && state.kind !== 'sending';

  function enter(next: DeliveryState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const { listener } of [...subscriptions]) tell(listener, next);
  }

  return {
    get state() {
      return state;
    },
    get isAtRest() {
      return isAtRest();
    },
    enter,
    rest(reached) {
      const resolved = waiting;
      waiting = [];
      enter(reached);
      for (const resolve of resolved) resolve();
    },
    untilRest: () => new Promise((resolve) => waiting.push(resolve)),
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      tell(listener, state);
      return () => void subscriptions.delete(subscription);
    },
  };
}

/** A listener that throws keeps neither the others from being told nor events from being sent. */
function tell(listener: (state: DeliveryState) => void, state: DeliveryState): void {
  try {
    listener(state);
  } catch (cause) {
    console.warn('A listener of the uploader failed.', cause);
  }
}
