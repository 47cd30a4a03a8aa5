// Who this browser installation is to the fleet: a random id, made once. Not tied to a person.
import type { Database } from './database.ts';
import { inTransaction } from './in-transaction.ts';

const DEVICE_ID_KEY = 'deviceId';

/**
 * This installation's id (a UUID), made on first use. Tabs that race for it agree on one. Rejects when the
 * browser's storage fails.
 */
export function readDeviceId(db: Database): Promise<string> {
  return inTransaction(db.transaction('settings', 'readwrite'), async ({ store }) => {
    const known = await store.get(DEVICE_ID_KEY);
    const id = known ?? crypto.randomUUID();
    if (!known) await store.put(id, DEVICE_ID_KEY);
    return id;
  });
}
