// The device's storage and sending, put together as a page does: real locks, real tabs' channel, the real
// database. There is no server here, so that everything waits.
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { holdRunLock, isRunAlive } from '../../src/lib/storage/run-lock.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { deviceServices, startDeviceServices } from '../../src/lib/ui/device-services.ts';
import type { DeviceServices } from '../../src/lib/ui/device-services.ts';
import { RunRecording } from '../../src/lib/ui/measure/run-recording.svelte.ts';
import { OTHER_RUN_ID, RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
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

describe('the recording of a run', () => {
  async function record(): Promise<RunRecording> {
    const recording = new RunRecording(RUN_ID);
    await recording.begin('blazepose-33');
    recording.onStart(runStart);
    recording.onWindow(windowEvent(0).data);
    return recording;
  }
  const services = async () => {
    const started = await deviceServices();
    onTestFinished(() => started.uploader.stop());
    // The test before deleted the database under it.
    await expect.poll(() => started.runs.list().catch(() => null)).toEqual([]);
    return started;
  };

  it('waits on this device until the server has it', async () => {
    const { changed } = await services();
    const recording = await record();
    expect(await isRunAlive(RUN_ID)).toBe(true);
    await recording.deliver(runResult(3));
    expect(recording).toMatchObject({ delivery: 'waiting', problem: null });
    expect(await db.count('outbox')).toBe(3);
    await expect.poll(() => isRunAlive(RUN_ID)).toBe(false);
    await db.clear('outbox');
    changed();
    await expect.poll(() => recording.delivery).toBe('delivered');
  });

  it('asks the browser not to evict what is stored, once', async () => {
    await services();
    const persist = vi.spyOn(navigator.storage, 'persist');
    onTestFinished(() => persist.mockRestore());
    await (await record()).deliver(runResult(1));
    await expect.poll(() => persist.mock.calls.length).toBe(1);
    const { keptRun } = await deviceServices();
    await keptRun();
    expect(persist.mock.calls.length).toBe(1);
  });

  it('says when a server refuses part of it for good', async () => {
    const { changed } = await services();
    const recording = await record();
    await recording.deliver(runResult(3));
    await db.add('rejected', { event: windowEvent(0), reason: 'HTTP 400', refusedAt: null });
    changed();
    await expect.poll(() => recording.delivery).toBe('refused');
  });

  it('stays in the tab while storage is full: the user is told, and asked before the tab closes', async () => {
    const { runs } = await services();
    const lift = await limitQuota(1_000_000);
    await expect.poll(() => db.count('runs').catch(() => null)).toBe(0);
    await expect.poll(() => runs.list().catch(() => null)).toEqual([]);
    const recording = await record();
    await expect.poll(() => db.count('outbox')).toBe(2);
    await fillUp(db);
    recording.onWindow(windowEvent(1).data);
    const delivered = recording.deliver(runResult(3));
    await expect.poll(() => recording.delivery).toBe('held');
    expect(recording.problem).toContain('keep it open and free some space');
    expect(dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(false);
    await lift();
    await delivered;
    expect(recording).toMatchObject({ delivery: 'waiting', problem: null });
    expect(await runs.get(RUN_ID)).toMatchObject({ windows: [{ index: 0 }, { index: 1 }] });
    expect(dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(true);
  });

  it('lets go of a run that came to nothing', async () => {
    await services();
    const recording = new RunRecording(OTHER_RUN_ID);
    await recording.begin('blazepose-33');
    expect(await isRunAlive(OTHER_RUN_ID)).toBe(true);
    recording.abandon();
    await expect.poll(() => isRunAlive(OTHER_RUN_ID)).toBe(false);
  });
});
