// Stores what happens in a run, one thing after the other. What storage refuses waits in memory, in its order,
// until storage takes it. Knows neither runs nor IndexedDB.
import { isOutOfRoom } from '../storage/with-room.ts';
import type { MakeRoom } from '../storage/with-room.ts';

/** One thing to store. */
export type Write = {
  /** Called until it resolves; what it did before it rejected must not count. */
  readonly store: () => Promise<void>;
  /** Stores the part that matters most, where there is no room for all even after making some. */
  readonly storeLess?: () => Promise<void>;
  /** About how much room it needs. */
  readonly bytes: number;
  /** Whether it may be let go when too much waits. */
  readonly isExpendable: boolean;
};

/** What an `OrderedWrites` works with. */
export type OrderedWritesOptions = {
  readonly makeRoom: MakeRoom;
  /** Something has been stored. */
  readonly onStored: () => unknown;
  /** `failure` or `letGo` has changed. */
  readonly onChange: () => unknown;
  /** Between two tries, in ms. */
  readonly retryMs?: number;
};

/** Writes in order. */
export type OrderedWrites = {
  /** Returns at once; never throws. */
  add(write: Write): void;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  /** Why the first that waits could not be stored the last time; null while storage works. */
  readonly failure: unknown;
  /** How many were let go because too many waited. */
  readonly letGo: number;
};

/**
 * So many may wait: more than the windows of an hour, the longest run, which at 3 s are 1,200. With 20 kB
 * each they take 40 MB of the tab's memory.
 */
export const MAX_WAITING_WRITES = 2000;
/** Often enough that what waits is stored soon after room was made; rare enough to cost a run nothing. */
const RETRY_MS = 5000;

/** An empty queue of writes. */
export function createOrderedWrites(options: OrderedWritesOptions): OrderedWrites {
  const { makeRoom, onStored, onChange, retryMs = RETRY_MS } = options;
  const queue: Write[] = [];
  let settling: PromiseWithResolvers<void> | null = null;
  let failure: unknown = null;
  let letGo = 0;

  async function work(): Promise<void> {
    for (let write = queue[0]; write; write = queue[0]) {
      const cause = await causeOfFailure(write);
      if (cause === null) {
        queue.shift();
        onStored();
      }
      if (cause !== null || failure !== null) {
        failure = cause;
        onChange();
      }
      if (cause !== null) await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    settling?.resolve();
    settling = null;
  }

  /** Null when it is stored. Room is made once per try: a browser may notice only later that there is some. */
  async function causeOfFailure({ store, storeLess, bytes }: Write): Promise<unknown> {
    let cause = await failureOf(store);
    if (!isOutOfRoom(cause)) return cause;
    const freedBytes = await makeRoom(bytes).catch(() => 0);
    if (freedBytes > 0) cause = await failureOf(store);
    return isOutOfRoom(cause) && storeLess ? failureOf(storeLess) : cause;
  }

  return {
    add(write) {
      if (write.isExpendable && queue.length >= MAX_WAITING_WRITES) {
        letGo += 1;
        onChange();
        return;
      }
      queue.push(write);
      if (settling) return;
      settling = Promise.withResolvers();
      void work();
    },
    settled: () => settling?.promise ?? Promise.resolve(),
    get failure() {
      return failure;
    },
    get letGo() {
      return letGo;
    },
  };
}

async function failureOf(step: () => Promise<void>): Promise<unknown> {
  try {
    await step();
    return null;
  } catch (cause) {
    return cause ?? new Error('Storage gave no reason.');
  }
}
