// What this browser installation keeps between visits, and what carries it to the server.
import { createRunEvents } from '../events/run-events.ts';
import { sendBatch } from '../events/send-batch.ts';
import { UPLOAD_LOCK, createUploader } from '../events/uploader.ts';
import type { Uploader, UploaderOptions } from '../events/uploader.ts';
import { openDatabase } from '../storage/database.ts';
import type { Database } from '../storage/database.ts';
import { readDeviceId } from '../storage/device-id.ts';
import { createOutbox } from '../storage/outbox-store.ts';
import { createOwnModelStore } from '../storage/own-model-store.ts';
import type { OwnModelStore } from '../storage/own-model-store.ts';
import { createRejectedStore } from '../storage/rejected-store.ts';
import type { RejectedStore } from '../storage/rejected-store.ts';
import { createRetention } from '../storage/retention.ts';
import type { Retention } from '../storage/retention.ts';
import { CODE_LOCK, isRunAlive } from '../storage/run-lock.ts';
import { createRunStore } from '../storage/run-store.ts';
import type { RunStore } from '../storage/run-store.ts';
import { waitingByRun } from '../storage/waiting-by-run.ts';
import { STEP_BYTES, createMakeRoom, withRoom } from '../storage/with-room.ts';
import { prepareBackgroundSync } from './background-sync.ts';
import { createStorageChanges } from './storage-changes.ts';

const INGEST_PATH = '/metrics';
/** The setting that tells when the browser was asked not to evict: a user is not asked twice. */
const PERSIST_ASKED_KEY = 'persistAskedAt';
/** Tabs of an earlier version need a moment to let go of the database; one that measures needs longer. */
const BLOCKED_PATIENCE_MS = 3000;

const BLOCKED =
  'Another tab measures with an earlier version of Kinemark, so that this one can store nothing yet. Let it end, or close it, and load this page anew.';
const SUPERSEDED =
  'A newer version of Kinemark has been opened in another tab, so that this page can store nothing any more. Load it anew.';

/** The device's storage and its way to the server. */
export type DeviceServices = {
  readonly deviceId: string;
  readonly runs: RunStore;
  readonly ownModels: OwnModelStore;
  readonly uploader: Uploader;
  readonly retention: Retention;
  /** What a server refused for good. */
  readonly rejected: RejectedStore;
  /** Events that no server has accepted yet. */
  readonly waitingEvents: () => Promise<number>;
  /** The same, counted by run id. */
  readonly waitingByRun: () => Promise<ReadonlyMap<string, number>>;
  /** Sends what waits now, from whichever tab may: back-off and refused tokens are forgotten. */
  readonly sendNow: () => void;
  /** Asks the browser never to evict what is stored; its answer, or null where it cannot be asked. */
  readonly persist: () => Promise<boolean | null>;
  /** To be called after a run was kept: keeps samples within their budget, and asks for `persist` the first time. */
  readonly keptRun: () => Promise<void>;
  /** Calls `listener` when something stored may have changed, in this tab or another. Returns how to stop that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** To be called by whoever changes something stored: the views of all tabs read it again. */
  readonly changed: () => void;
  /** Why this page can store nothing any more, as a sentence; null while it can. `subscribe` tells of it. */
  readonly problem: string | null;
};

let services: Promise<DeviceServices> | null = null;

/**
 * The services of this page, started on first use. Rejects when the browser denies storage, or while a tab of
 * an earlier version keeps it; a call after a rejection tries again.
 */
export function deviceServices(): Promise<DeviceServices> {
  services ??= startDeviceServices().catch((cause: unknown) => {
    services = null;
    throw cause;
  });
  return services;
}

/** What tests change of the services. */
export type DeviceServicesOptions = {
  readonly backOff?: UploaderOptions['backOff'];
  /** How long a request may take, in ms: see SendOptions. */
  readonly answerLimitMs?: number;
  /** Wraps the run store before anybody uses it. */
  readonly watchRuns?: (runs: RunStore) => RunStore;
};

/** Starts services of their own, as `deviceServices` does once for a page. */
export async function startDeviceServices({
  backOff,
  answerLimitMs,
  watchRuns = (runs) => runs,
}: DeviceServicesOptions = {}): Promise<DeviceServices> {
  let problem: string | null = null;
  const superseded = Promise.withResolvers<null>();
  const db = await open(() => superseded.resolve(null));
  const deviceId = await readDeviceId(db);
  const retention = createRetention(db);
  const makeRoom = createMakeRoom(retention);
  const outbox = createOutbox(db, makeRoom);
  const runs = watchRuns(createRunStore(db));
  const uploader = createUploader({
    outbox,
    send: (events, options) =>
      sendBatch(INGEST_PATH, events, {
        ...options,
        ...(answerLimitMs === undefined ? {} : { answerLimitMs }),
      }),
    exclusively: uploadAlone,
    ...(backOff && { backOff }),
  });
  const changes = createStorageChanges(() => void uploader.resume());
  const requestSync = prepareBackgroundSync();

  uploader.subscribe(({ kind }) => {
    changes.emit();
    if (kind === 'waiting') requestSync();
  });
  // Waiting out a failure makes no sense when the network is back.
  globalThis.addEventListener('online', () => void uploader.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void leave();
    else void comeBack();
  });
  void superseded.promise.then(() => {
    uploader.stop();
    problem = SUPERSEDED;
    changes.emit();
  });
  void comeBack();
  void retention.keepWithinBudget().catch(warn);

  async function persist(): Promise<boolean | null> {
    const answer = await navigator.storage.persist().catch(() => null);
    changes.emit();
    return answer;
  }

  async function leave(): Promise<void> {
    // First: a page that is closed or left does not come to what it awaits.
    if (uploader.state.kind !== 'idle') requestSync();
    await uploader.leave();
    if ((await outbox.count().catch(() => 0)) > 0) requestSync();
  }

  /** What an earlier visit could not send goes now, with the word of runs whose tab is gone. */
  async function comeBack(): Promise<void> {
    try {
      const close = () =>
        runs.closeInterrupted(isRunAlive, (run, windows) =>
          createRunEvents(run.runId, deviceId, () => new Date(), run.nextSequence).interrupted(
            windows,
          ),
        );
      const closed = await withRoom(close, STEP_BYTES, makeRoom);
      if (closed.length > 0) changes.emit();
    } catch (cause) {
      // The next visit finds them.
      warn(cause);
    }
    await uploader.flush();
  }

  return {
    deviceId,
    runs,
    ownModels: createOwnModelStore(db),
    uploader,
    retention,
    rejected: createRejectedStore(db),
    waitingEvents: () => outbox.count(),
    waitingByRun: () => waitingByRun(db),
    sendNow: () => changes.askToSend(),
    persist,
    async keptRun() {
      try {
        await retention.keepWithinBudget();
        if ((await db.get('settings', PERSIST_ASKED_KEY)) !== undefined) return;
        await db.put('settings', new Date().toISOString(), PERSIST_ASKED_KEY);
        await persist();
      } catch (cause) {
        warn(cause);
      }
    },
    subscribe: (listener) => changes.subscribe(listener),
    changed: () => changes.emit(),
    get problem() {
      return problem;
    },
  };
}

/** The database; rejects when another tab does not let go of an earlier version of it. */
function open(onSuperseded: () => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    let isTooLate = false;
    openDatabase(undefined, {
      // A run in this page is stored to its end by the version that began it.
      beforeYield: () => navigator.locks.request(CODE_LOCK, async () => undefined),
      onSuperseded,
      onBlocked: () =>
        void setTimeout(() => {
          isTooLate = true;
          reject(new Error(BLOCKED));
        }, BLOCKED_PATIENCE_MS),
    }).then((db) => {
      if (isTooLate) db.close();
      else resolve(db);
    }, reject);
  });
}

/** One tab sends at a time. The others wait until it is closed, and then find what is left. */
async function uploadAlone(
  work: () => Promise<void>,
  { onWait, signal }: { onWait: () => void; signal: AbortSignal },
): Promise<void> {
  const isDone = await navigator.locks.request(UPLOAD_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
  if (isDone) return;
  onWait();
  await navigator.locks.request(UPLOAD_LOCK, { signal }, work);
}

function warn(cause: unknown): void {
  console.warn('What is stored on this device could not be looked after.', cause);
}
