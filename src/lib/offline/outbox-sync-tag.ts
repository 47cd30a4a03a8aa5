// The name under which the browser is asked to wake the service worker when there is a network again.

/** Tag of the Background Sync registration that sends what waits in the outbox. */
export const OUTBOX_SYNC_TAG = 'kinemark-outbox';
