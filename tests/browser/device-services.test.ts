// The device's storage and sending, put together as a page does: real locks, real tabs' channel, the real
// database. There is no server here, so that everything waits.
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OUTBOX_SYNC_TAG } from '../../src/lib/offline/outbox-sync-tag.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { holdRunLock } from '../../src/lib/storage/run-lock.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { startDeviceServices } from '../../src/lib/ui/device-services.ts';
import type { DeviceServices } from '../../src/lib/ui/device-services.ts';
import {
  OTHER_RUN_ID,
  RUN_ID,
  finishedEvent,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';
import { runResult } from '../fixtures/run-results.ts';
import { fillUp, limitQuota } from './limit-quota.ts';
import { openVersion2 } from './version-2-database.ts';

const NAME = 'kinemark';
let db: Database;
beforeEach(async () => {
  await deleteDB(NAME);
  db = await openDatabase();
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

async function startTab(): Promise<DeviceServices> {
  const services = await startDeviceServices();
  onTestFinished(() => services.uploader.stop());
  return services;
}

/** What a tab leaves behind that died after two windows. */
async function leaveRun(runId: string): Promise<void> {
  const runs = createRunStore(db);
  const start = { ...runStart, plan: { ...plan, runId } };
  await runs.start(start, 'blazepose-33', startedEvent({ runId }));
  await runs.addWindow(windowEvent(0, { runId }));
  await runs.addWindow(windowEvent(1, { runId }));
}

describe('a start', () => {
  it('closes the run of a tab that died, and leaves that of a live tab alone', async () => {
    await leaveRun(RUN_ID);
    await leaveRun(OTHER_RUN_ID);
    const release = await holdRunLock(OTHER_RUN_ID);
    onTestFinished(release);
    const tabs = await Promise.all([startTab(), startTab()]);
    await expect.poll(() => db.count('outbox')).toBe(7);
    const { deviceId } = tabs[0];
    expect((await db.getAll('outbox')).at(-1)).toMatchObject({
      type: 'kinemark.run.interrupted.v1',
      id: `${RUN_ID}/3`,
      source: `/devices/${deviceId}`,
      data: { windows: 2 },
    });
    expect(await tabs[1].waitingByRun()).toEqual(
      new Map([
        [RUN_ID, 4],
        [OTHER_RUN_ID, 3],
      ]),
    );
    expect(await tabs[1].waitingEvents()).toBe(7);
  });

  it('of which there is none finds a run when its page is looked at again', async () => {
    await startTab();
    await leaveRun(RUN_ID);
    document.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => db.count('outbox')).toBe(4);
  });
});

it('a page that is looked at again closes the run of a dead tab though storage is full', async () => {
  db.close();
  await limitQuota(8_000_000);
  db = await openDatabase();
  await startTab();
  const old = { runId: OTHER_RUN_ID };
  await createRunStore(db).finish(runResult(1000, old), finishedEvent(old));
  await leaveRun(RUN_ID);
  await fillUp(db);
  document.dispatchEvent(new Event('visibilitychange'));
  await expect.poll(async () => (await db.getAll('outbox')).at(-1)?.type).toContain('interrupted');
  expect(await db.count('samples')).toBe(0);
});

describe('a page that is left while it sends', () => {
  it('has asked the browser to send before it does anything that must be awaited', async () => {
    const asked: string[] = [];
    const register = (tag: string) => Promise.resolve(void asked.push(tag));
    const ready = Promise.resolve({ sync: { register } });
    const worker = vi
      .spyOn(navigator.serviceWorker, 'ready', 'get')
      .mockReturnValue(ready as unknown as Promise<ServiceWorkerRegistration>);
    const silence = vi.spyOn(globalThis, 'fetch').mockReturnValue(new Promise(() => undefined));
    const hidden = vi.spyOn(document, 'visibilityState', 'get');
    onTestFinished(() => [worker, silence, hidden].forEach((spy) => spy.mockRestore()));
    const { uploader } = await startTab();
    await leaveRun(RUN_ID);
    void uploader.flush();
    await expect.poll(() => uploader.state.kind).toBe('sending');
    expect(asked).toEqual([]);
    hidden.mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toEqual([OUTBOX_SYNC_TAG]);
  });
});

describe('tabs', () => {
  it('hear of what changed in another, and of nothing after they stopped listening', async () => {
    const [one, other] = [await startTab(), await startTab()];
    let heard = 0;
    const stop = other.subscribe(() => (heard += 1));
    one.changed();
    await expect.poll(() => heard).toBeGreaterThan(0);
    stop();
    const before = heard;
    await new Promise((resolve) => {
      onTestFinished(other.subscribe(() => resolve(null)));
      one.changed();
    });
    expect(heard).toBe(before);
  });

  it('of an earlier version say that they can store nothing any more', async () => {
    const tab = await startTab();
    expect(tab.problem).toBeNull();
    const told = new Promise((resolve) => {
      tab.subscribe(() => {
        if (tab.problem !== null) resolve(tab.problem);
      });
    });
    (await openDB(NAME, 4)).close();
    expect(await told).toContain('Load it anew.');
  });

  it('of an earlier version that keep the database are named, and waited for no longer', async () => {
    db.close();
    await deleteDB(NAME);
    const earlier = await openVersion2(NAME);
    await expect(startDeviceServices()).rejects.toThrow('an earlier version of Kinemark');
    earlier.close();
    await startTab();
  });

  it('give way when their run has ended', async () => {
    await startTab();
    const release = await holdRunLock(RUN_ID);
    db.close();
    const newer = openDB(NAME, 4);
    const first = await Promise.race([newer, new Promise((resolve) => setTimeout(resolve, 100))]);
    expect(first).toBeUndefined();
    release();
    (await newer).close();
  });
});
