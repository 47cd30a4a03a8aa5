// Asks the browser to wake the service worker when the network is back, where it can do that.
import { OUTBOX_SYNC_TAG } from '../offline/outbox-sync-tag.ts';

/** Background Sync, which TypeScript does not know: https://wicg.github.io/background-sync/spec/ */
type WithSync = ServiceWorkerRegistration & {
  readonly sync?: { register(tag: string): Promise<void> };
};

/**
 * Returns what has events sent even after the page is closed. It asks before it returns: of a page that is being
 * closed nothing runs that must be awaited. Without Background Sync what waits goes at the next visit.
 */
export function prepareBackgroundSync(): () => void {
  let registration: WithSync | null = null;
  if ('serviceWorker' in navigator) {
    void navigator.serviceWorker.ready.then((ready) => (registration = ready));
  }
  return () => {
    // The user or the browser may not want it.
    registration?.sync?.register(OUTBOX_SYNC_TAG).catch(() => undefined);
  };
}
