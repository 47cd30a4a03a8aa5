// The lock of the tabs of one simulated device, first come, first served, as Web Locks are.
import type { UploaderOptions } from '../../../src/lib/events/uploader.ts';

export function createTabLock() {
  let isHeld = false;
  const queue = new Set<() => void>();

  function release(): void {
    isHeld = false;
    const [next] = queue;
    if (!next) return;
    queue.delete(next);
    isHeld = true;
    next();
  }

  /** Rejects when the signal is aborted first. */
  function acquire(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      queue.add(resolve);
      signal?.addEventListener('abort', () => {
        if (queue.delete(resolve)) reject(new DOMException('', 'AbortError'));
      });
      if (!isHeld) release();
    });
  }

  const exclusively: UploaderOptions['exclusively'] = async (work, { onWait, signal }) => {
    if (isHeld) onWait();
    await acquire(signal);
    try {
      await work();
    } finally {
      release();
    }
  };

  return {
    exclusively,
    /** Another tab takes it and keeps it. */
    hold: () => acquire(),
    get isHeld() {
      return isHeld;
    },
    get waiting() {
      return queue.size;
    },
  };
}
