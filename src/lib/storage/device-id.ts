// Who this browser installation is to the fleet: a random id, made once. Not tied to a person.
import type { Database } from './database.ts';

const DEVICE_ID_KEY = 'deviceId';

/** This installation's id (a UUID), made on first use. Tabs that race for it agree on one. */
export async function readDeviceId(db: Database): Promise<string> {
  const tx = db.transaction('settings', 'readwrite');
  const known = await tx.store.get(DEVICE_ID_KEY);
  const id = known ?? crypto.randomUUID();
  if (!known) await tx.store.put(id, DEVICE_ID_KEY);
  await tx.done;
  return id;
}
