// What becomes of one run of the measuring page, on real storage and locks. There is no server here, so that
// everything waits.
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { createOutbox } from '../../src/lib/storage/outbox-store.ts';
import { CODE_LOCK, isRunAlive } from '../../src/lib/storage/run-lock.ts';
import { deviceServices, startDeviceServices } from '../../src/lib/ui/device-services.ts';
import type { DeviceServices } from '../../src/lib/ui/device-services.ts';
import { RunRecording } from '../../src/lib/ui/measure/run-recording.svelte.ts';
import { OTHER_RUN_ID, RUN_ID, windowEvent } from '../fixtures/events.ts';
import { runStart } from '../fixtures/run-plans.ts';
import { runResult } from '../fixtures/run-results.ts';
import { fillUp, limitQuota } from './limit-quota.ts';

const NAME = 'kinemark';
const neverAborted = new AbortController().signal;
let db: Database;
beforeEach(async () => {
  await deleteDB(NAME);
  db = await openDatabase();
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

async function record(): Promise<RunRecording> {
  const recording = new RunRecording(RUN_ID);
  await recording.begin('blazepose-33', neverAborted);
  recording.onStart(runStart);
  recording.onWindow(windowEvent(0).data);
  return recording;
}
const services = async (): Promise<DeviceServices> => {
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
  await recording.begin('blazepose-33', neverAborted);
  expect(await isRunAlive(OTHER_RUN_ID)).toBe(true);
  recording.abandon();
  await expect.poll(() => isRunAlive(OTHER_RUN_ID)).toBe(false);
});

it('is about this run alone, and is read in the order in which events move', async () => {
  const real = await services();
  const outbox = createOutbox(db);
  const refuseFirst = async () => {
    const [first] = await outbox.peek(1);
    if (first) await outbox.reject([{ key: first.key, reason: 'bad' }]);
  };
  /** Between its two readings the last event of the run is refused. */
  const refusedMeanwhile = async (): Promise<DeviceServices> => ({
    ...real,
    waitingByRun: () => real.waitingByRun().finally(refuseFirst),
    rejected: { ...real.rejected, list: () => real.rejected.list().finally(refuseFirst) },
  });
  const [plain, moved] = [
    new RunRecording(RUN_ID),
    new RunRecording(OTHER_RUN_ID, refusedMeanwhile),
  ];
  await plain.begin('blazepose-33', neverAborted);
  plain.onStart(runStart);
  await plain.deliver(runResult(1));
  await db.clear('outbox');
  await db.add('outbox', windowEvent(0, { runId: OTHER_RUN_ID }));
  real.changed();
  await expect.poll(() => plain.delivery).toBe('delivered');
  await db.clear('outbox');
  await moved.begin('blazepose-33', neverAborted);
  await moved.deliver(runResult(1, { runId: OTHER_RUN_ID }));
  expect(moved.delivery).toBe('refused');
});

describe('where the page can store nothing', () => {
  async function startTab(): Promise<DeviceServices> {
    const tab = await startDeviceServices();
    onTestFinished(() => tab.uploader.stop());
    return tab;
  }

  it.each([
    [new Error('Another tab measures. Close it.'), 'Another tab measures. Close it.'],
    [new DOMException('', 'QuotaExceededError'), 'storage of this browser is full'],
    [new DOMException('No.', 'SecurityError'), 'denies storage to the page'],
  ])('the reason is said before the run: %s', async (cause, sentence) => {
    const recording = new RunRecording(RUN_ID, () => Promise.reject(cause));
    await recording.begin('blazepose-33', neverAborted);
    expect(recording.problem).toContain(sentence);
    recording.onStart(runStart);
    await recording.deliver(runResult(1));
    expect(recording.delivery).toBe('not-kept');
    expect(recording.problem).toContain(sentence);
  });

  it('any more, no run is begun, and no lock is kept', async () => {
    const tab = await startTab();
    db.close();
    (await openDB(NAME, 4)).close();
    await expect.poll(() => tab.problem).not.toBeNull();
    const recording = new RunRecording(RUN_ID, async () => tab);
    await recording.begin('blazepose-33', neverAborted);
    expect(recording.problem).toBe(tab.problem);
    await recording.deliver(runResult(1));
    expect(recording.delivery).toBe('not-kept');
    await expect.poll(() => isRunAlive(RUN_ID)).toBe(false);
    expect((await navigator.locks.query()).held?.map(({ name }) => name)).not.toContain(CODE_LOCK);
  });

  it('once its run has ended, the run is kept and the page says that it must be loaded anew', async () => {
    const tab = await startTab();
    const recording = new RunRecording(RUN_ID, async () => tab);
    await recording.begin('blazepose-33', neverAborted);
    recording.onStart(runStart);
    db.close();
    const newer = openDB(NAME, 4);
    await recording.deliver(runResult(1));
    const opened = await newer;
    const stored = await opened.count('outbox');
    opened.close();
    expect(stored).toBe(2);
    await expect.poll(() => recording.problem).toContain('Load it anew.');
    expect(recording.delivery).toBe('waiting');
  });
});

it('says what a run waits for before it begins, and can be cancelled meanwhile', async () => {
  const start = services;
  const swapping = Promise.withResolvers<null>();
  const isHeld = Promise.withResolvers<null>();
  void navigator.locks.request(CODE_LOCK, () => {
    isHeld.resolve(null);
    return swapping.promise;
  });
  onTestFinished(() => swapping.resolve(null));
  await isHeld.promise;
  const abort = new AbortController();
  const recording = new RunRecording(RUN_ID, start);
  const begun = recording.begin('blazepose-33', abort.signal);
  await expect.poll(() => recording.problem, { timeout: 10_000 }).toContain('waits behind it');
  const reason = new DOMException('The run was cancelled.', 'AbortError');
  abort.abort(reason);
  await expect(begun).rejects.toBe(reason);
  recording.abandon();
  expect(await isRunAlive(RUN_ID)).toBe(false);
});
