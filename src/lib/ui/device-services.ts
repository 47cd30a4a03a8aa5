// What this browser installation keeps between visits, and what carries it to the server.
import { sendBatch } from '../events/send-batch.ts';
import { createUploader } from '../events/uploader.ts';
import type { Uploader } from '../events/uploader.ts';
import { openDatabase } from '../storage/database.ts';
import { readDeviceId } from '../storage/device-id.ts';
import { createOutbox } from '../storage/outbox-store.ts';
import { createOwnModelStore } from '../storage/own-model-store.ts';
import type { OwnModelStore } from '../storage/own-model-store.ts';
import { createRunStore } from '../storage/run-store.ts';
import type { RunStore } from '../storage/run-store.ts';

const INGEST_PATH = '/metrics';

/** The device's storage and its way to the server. */
export type DeviceServices = {
  readonly deviceId: string;
  readonly runs: RunStore;
  readonly ownModels: OwnModelStore;
  readonly uploader: Uploader;
  /** Events that no server has accepted yet. */
  readonly waitingEvents: () => Promise<number>;
};

let services: Promise<DeviceServices> | null = null;

/** The services of this page, started on first use. Rejects when the browser denies storage. */
export function deviceServices(): Promise<DeviceServices> {
  services ??= start();
  return services;
}

async function start(): Promise<DeviceServices> {
  const db = await openDatabase();
  const outbox = createOutbox(db);
  const uploader = createUploader({ outbox, send: (events) => sendBatch(INGEST_PATH, events) });
  // What an earlier visit could not send goes now, or when the network is back.
  globalThis.addEventListener('online', () => void uploader.flush());
  void uploader.flush();
  return {
    deviceId: await readDeviceId(db),
    runs: createRunStore(db),
    ownModels: createOwnModelStore(db),
    uploader,
    waitingEvents: () => db.count('outbox'),
  };
}
