// Sends what waits in the outbox when no page may be open: the browser wakes the service worker for it.
import { sendBatch } from '../events/send-batch.ts';
import { UPLOAD_LOCK, createUploader } from '../events/uploader.ts';
import { openDatabase } from '../storage/database.ts';
import { createOutbox } from '../storage/outbox-store.ts';

const INGEST_PATH = '/metrics';
/** How long a page that is just being closed may keep the lock, in ms; one that stays open sends by itself. */
const LOCK_PATIENCE_MS = 10_000;

/** Not everything could be sent. The browser tries again by itself when it is told so. */
export class StillWaitingError extends Error {
  override readonly name = 'StillWaitingError';
}

/**
 * One pass over the outbox, by the uploader that pages use and under its lock: where a page is at it already,
 * this leaves it to that. Rejects with a StillWaitingError when something is left.
 */
export async function sendWaiting(): Promise<void> {
  const db = await openDatabase();
  try {
    const outbox = createOutbox(db);
    const uploader = createUploader({
      outbox,
      send: (events, options) => sendBatch(INGEST_PATH, events, options),
      exclusively: alone,
    });
    await uploader.flush();
    uploader.stop();
    if ((await outbox.count()) > 0) throw new StillWaitingError('Events are left in the outbox.');
  } finally {
    db.close();
  }
}

/** Does nothing where a page goes on sending. */
async function alone(work: () => Promise<void>): Promise<void> {
  const signal = AbortSignal.timeout(LOCK_PATIENCE_MS);
  let hasBegun = false;
  try {
    await navigator.locks.request(UPLOAD_LOCK, { signal }, () => {
      hasBegun = true;
      return work();
    });
  } catch (cause) {
    if (hasBegun || !signal.aborted) throw cause;
  }
}
