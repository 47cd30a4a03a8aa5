// A run is recorded in real IndexedDB while storage fills up, fails and gets room again.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/lib/storage/database.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import { createRetention } from '../../src/lib/storage/retention.ts';
import { holdRunLock, isRunAlive } from '../../src/lib/storage/run-lock.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import type { RunStore } from '../../src/lib/storage/run-store.ts';
import { createRunRecorder } from '../../src/lib/ui/run-recorder.ts';
import type { RunRecorder } from '../../src/lib/ui/run-recorder.ts';
import { DEVICE_ID, OTHER_RUN_ID, RUN_ID, finishedEvent, windowEvent } from '../fixtures/events.ts';
import { runStart } from '../fixtures/run-plans.ts';
import { runResult } from '../fixtures/run-results.ts';
import { fillUp, limitQuota } from './limit-quota.ts';

const NAME = 'kinemark-recorder-test';
const RETRY_MS = 20;
let db: Database;
let problems: (string | null)[];
let stored: number;
beforeEach(async () => {
  db = await openDatabase(NAME);
  problems = [];
  stored = 0;
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

async function record(store: RunStore = createRunStore(db)): Promise<RunRecorder> {
  return createRunRecorder({
    runId: RUN_ID,
    deviceId: DEVICE_ID,
    skeleton: 'blazepose-33',
    store,
    retention: createRetention(db),
    onStored: () => (stored += 1),
    onProblem: (sentence) => problems.push(sentence),
    release: await holdRunLock(RUN_ID),
    retryMs: RETRY_MS,
  });
}

async function waitingKinds(): Promise<readonly string[]> {
  return (await db.getAll('outbox')).map(({ type, data }) =>
    'index' in data ? `window ${data.index}` : type.split('.')[2]!,
  );
}

const wholeRun = ['started', 'window 0', 'window 1', 'finished'];

it('stores a run as it goes, and holds its lock until its end is stored', async () => {
  const recorder = await record();
  recorder.onStart(runStart);
  recorder.onWindow(windowEvent(0).data);
  recorder.onWindow(windowEvent(1).data);
  const finished = recorder.finish(runResult(2));
  expect(await isRunAlive(RUN_ID)).toBe(true);
  await finished;
  expect(await waitingKinds()).toEqual(wholeRun);
  expect(await createRunStore(db).get(RUN_ID)).toMatchObject({ hasSamples: true });
  expect(stored).toBe(4);
  expect(problems).toEqual([]);
  await expect.poll(() => isRunAlive(RUN_ID)).toBe(false);
});

it('lets go of a run that came to nothing', async () => {
  const recorder = await record();
  await recorder.abandon();
  await expect.poll(() => isRunAlive(RUN_ID)).toBe(false);
  expect(await waitingKinds()).toEqual([]);
});

describe('a full quota', () => {
  /** Another database, in this much room. */
  async function openIn(roomBytes: number): Promise<() => Promise<void>> {
    db.close();
    const lift = await limitQuota(roomBytes);
    db = await openDatabase(NAME);
    return lift;
  }

  it('holds nothing up, is told, and takes nothing away', async () => {
    const lift = await openIn(1_000_000);
    const recorder = await record();
    recorder.onStart(runStart);
    await expect.poll(() => stored).toBe(1);
    await fillUp(db);
    recorder.onWindow(windowEvent(0).data);
    recorder.onWindow(windowEvent(1).data);
    const finished = recorder.finish(runResult(1));
    await expect.poll(() => String(problems.at(-1))).toContain('storage of this browser is full');
    expect(await waitingKinds()).toEqual(['started']);
    expect(await isRunAlive(RUN_ID)).toBe(true);
    await lift();
    await finished;
    expect(await waitingKinds()).toEqual(wholeRun);
    expect(problems.at(-1)).toBeNull();
  });

  it('costs the raw samples of earlier runs first, and then nobody need know', async () => {
    await openIn(8_000_000);
    const old = { runId: OTHER_RUN_ID, time: '2026-11-01T10:00:00.000Z' };
    await createRunStore(db).finish(runResult(1000, old), finishedEvent(old));
    const recorder = await record();
    recorder.onStart(runStart);
    await expect.poll(() => stored).toBe(1);
    await fillUp(db);
    recorder.onWindow(windowEvent(0).data);
    recorder.onWindow(windowEvent(1).data);
    await recorder.finish(runResult(1));
    expect(problems).toEqual([]);
    expect((await waitingKinds()).slice(1)).toEqual(wholeRun);
    expect(await createRunStore(db).get(OTHER_RUN_ID)).toMatchObject({
      run: { summary: { outcome: 'finished' } },
      hasSamples: false,
    });
    expect(await createRunStore(db).get(RUN_ID)).toMatchObject({ hasSamples: true });
  });

  it('costs the run its own raw samples before its end', async () => {
    await openIn(4_000_000);
    const recorder = await record();
    recorder.onStart(runStart);
    recorder.onWindow(windowEvent(0).data);
    // Their samples take some 8 MB when they are packed.
    const frames = 10_000;
    await recorder.finish(runResult(frames));
    expect(problems).toEqual([]);
    expect(await waitingKinds()).toEqual(['started', 'window 0', 'finished']);
    expect(await createRunStore(db).get(RUN_ID)).toMatchObject({
      hasSamples: false,
      run: { summary: { frames: { processed: frames } } },
    });
    expect(await createRetention(db).usage()).toMatchObject({ thinnedRuns: 1, samplesBytes: 0 });
  });
});

it('another failure of storage is told too, and everything is stored in its order when it is over', async () => {
  const working = createRunStore(db);
  let isBroken = false;
  const sometimes: RunStore = {
    ...working,
    addWindow: (event) =>
      isBroken
        ? Promise.reject(new DOMException('The disk is gone.', 'UnknownError'))
        : working.addWindow(event),
  };
  const recorder = await record(sometimes);
  recorder.onStart(runStart);
  isBroken = true;
  recorder.onWindow(windowEvent(0).data);
  recorder.onWindow(windowEvent(1).data);
  const finished = recorder.finish(runResult());
  await expect.poll(() => problems.at(-1)).toContain('(The disk is gone)');
  expect(await waitingKinds()).toEqual(['started']);
  isBroken = false;
  await finished;
  expect(await waitingKinds()).toEqual(wholeRun);
  expect(problems.at(-1)).toBeNull();
});
