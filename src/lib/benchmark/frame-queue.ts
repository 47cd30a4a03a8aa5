// A bounded queue of frames between two loops of a scenario. Owns its frames: whatever ends the run, what
// is still in it is closed.

/** Frames in the order in which they came. */
export type FrameQueue<T> = {
  /** Resolves when one more frame fits. Rejects with the signal's reason when aborted. */
  readonly room: () => Promise<void>;
  /** Resolves when no more frames fit or none will come. Rejects with the signal's reason when aborted. */
  readonly filled: () => Promise<void>;
  /** Puts a frame at the end. In a full queue the oldest makes room: it is returned, the caller's to close. */
  readonly put: (item: T) => T | null;
  /** The oldest frame, when there is one; null when there will be none. Rejects with the signal's reason when aborted. */
  readonly take: () => Promise<T | null>;
  /** Frames in it. */
  readonly length: () => number;
  /** No more frames will come; those that are there can still be taken. */
  readonly end: () => void;
};

/** A queue for at least one frame. After an abort it closes what it holds and what is put. */
export function createFrameQueue<T extends { readonly frame: VideoFrame }>(
  capacity: number,
  signal: AbortSignal,
): FrameQueue<T> {
  const items: T[] = [];
  let hasEnded = false;
  let change = Promise.withResolvers<null>();

  /** Everyone who waits looks again, in the order in which they began to wait. */
  function wake(): void {
    change.resolve(null);
    change = Promise.withResolvers();
  }

  const onAbort = (): void => {
    for (const { frame } of items.splice(0)) frame.close();
    wake();
  };
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    async room() {
      signal.throwIfAborted();
      while (items.length >= capacity) {
        await change.promise;
        signal.throwIfAborted();
      }
    },
    async filled() {
      signal.throwIfAborted();
      while (items.length < capacity && !hasEnded) {
        await change.promise;
        signal.throwIfAborted();
      }
    },
    put(item) {
      if (signal.aborted) {
        item.frame.close();
        return null;
      }
      const oldest = items.length >= capacity ? items.shift() : undefined;
      items.push(item);
      wake();
      return oldest ?? null;
    },
    async take() {
      for (;;) {
        signal.throwIfAborted();
        const item = items.shift();
        if (item) {
          wake();
          return item;
        }
        if (hasEnded) return null;
        await change.promise;
      }
    },
    length: () => items.length,
    end() {
      hasEnded = true;
      wake();
    },
  };
}
