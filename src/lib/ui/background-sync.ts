// Asks the browser to wake the service worker when the network is back, where it can do that.
import { OUTBOX_SYNC_TAG } from '../offline/outbox-sync-tag.ts';

/** Background Sync, which TypeScript does not know: https://wicg.github.io/background-sync/spec/ */
type WithSync = ServiceWorkerRegistration & {
  readonly sync?: { register(tag: string): Promise<void> };
};

/** Has what waits sent even after the page is closed. Without Background Sync it goes at the next visit. */
export async function requestBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration) await (registration as WithSync).sync?.register(OUTBOX_SYNC_TAG);
  } catch {
    // The user or the browser does not want it.
  }
}
