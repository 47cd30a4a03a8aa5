// What the tests of the uploader have in common: an outbox, a lock, and uploaders on both.
import { vi } from 'vitest';
import { createUploader } from '../../../src/lib/events/uploader.ts';
import type { UploaderOptions } from '../../../src/lib/events/uploader.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { createTabLock } from './tab-lock.ts';

export function createUploaderParts() {
  const outbox = new MemoryOutbox();
  const lock = createTabLock();
  return {
    outbox,
    lock,
    /** An uploader whose waits are the longest that jitter allows. */
    uploaderFor: (server: Pick<UploaderOptions, 'send'>, changed: Partial<UploaderOptions> = {}) =>
      createUploader({
        outbox,
        send: server.send,
        exclusively: lock.exclusively,
        random: () => 1,
        ...changed,
      }),
  };
}

/** Lets everything happen that needs no time. Under fake timers. */
export function settle(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(0);
}
