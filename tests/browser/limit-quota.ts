// Makes this origin's storage small and full, by the browser's own quota.
import type {} from '@vitest/browser-playwright';
import { cdp } from 'vitest/browser';
import { onTestFinished } from 'vitest';
import type { Database } from '../../src/lib/storage/database.ts';

/** As much noise as `getRandomValues` gives at a time. */
const LARGEST_BALLAST_BYTES = 65_536;
/** Writes of fewer bytes need not be refused any more. */
const SMALLEST_BALLAST_BYTES = 1000;

/**
 * Leaves this origin so much room, until the returned function is called or the test ends. Deletes its
 * IndexedDB: Chromium would remember for half a minute how much room there was.
 */
export async function limitQuota(roomBytes: number): Promise<() => Promise<void>> {
  const { origin } = location;
  const lift = async (): Promise<void> => {
    await cdp().send('Storage.overrideQuotaForOrigin', { origin });
  };
  onTestFinished(lift);
  await cdp().send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  const { usage } = await cdp().send('Storage.getUsageAndQuota', { origin });
  await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + roomBytes });
  return lift;
}

/** Fills what room there is, until nothing fits any more. */
export async function fillUp(db: Database): Promise<void> {
  let bytes = LARGEST_BALLAST_BYTES;
  for (let index = 0; bytes >= SMALLEST_BALLAST_BYTES; index += 1) {
    // Noise, because the database compresses.
    const noise = crypto.getRandomValues(new Uint8Array(bytes));
    const text = String.fromCharCode(...noise);
    await db.put('settings', text, `ballast ${index}`).catch(() => (bytes /= 2));
  }
}
