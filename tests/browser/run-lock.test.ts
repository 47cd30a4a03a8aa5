// Who carries on which run, by the browser's real Web Locks.
import { deleteDB } from 'idb';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/lib/storage/database.ts';
import { CODE_LOCK, holdRunLock, isRunAlive } from '../../src/lib/storage/run-lock.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { OTHER_RUN_ID, RUN_ID, interruptedEvent, startedEvent } from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';

/** A worker that holds the lock of a run, as a tab would. */
async function holdElsewhere(runId: string): Promise<Worker> {
  const worker = new Worker(new URL('./lock-holder.worker.ts', import.meta.url), {
    type: 'module',
  });
  onTestFinished(() => worker.terminate());
  const held = new Promise((resolve) =>
    worker.addEventListener('message', resolve, { once: true }),
  );
  worker.postMessage(runId);
  await held;
  return worker;
}

function canSwapCode(): Promise<boolean> {
  return navigator.locks.request(CODE_LOCK, { ifAvailable: true }, (lock) => lock !== null);
}

it('a run is alive while its lock is held, and code is not swapped', async () => {
  expect(await isRunAlive(RUN_ID)).toBe(false);
  const release = await holdRunLock(RUN_ID);
  expect(await isRunAlive(RUN_ID)).toBe(true);
  expect(await isRunAlive(OTHER_RUN_ID)).toBe(false);
  expect(await canSwapCode()).toBe(false);
  release();
  await expect.poll(() => isRunAlive(RUN_ID)).toBe(false);
  await expect.poll(canSwapCode).toBe(true);
});

it('runs of several tabs are alive side by side, each until its own tab dies', async () => {
  const worker = await holdElsewhere(OTHER_RUN_ID);
  const release = await holdRunLock(RUN_ID);
  expect(await isRunAlive(OTHER_RUN_ID)).toBe(true);
  worker.terminate();
  await expect.poll(() => isRunAlive(OTHER_RUN_ID)).toBe(false);
  expect(await isRunAlive(RUN_ID)).toBe(true);
  expect(await canSwapCode()).toBe(false);
  release();
});

it('a lock waits while code is being swapped', async () => {
  const swapped = Promise.withResolvers<null>();
  const swapping = navigator.locks.request(CODE_LOCK, () => swapped.promise);
  await expect.poll(canSwapCode).toBe(false);
  const held = holdRunLock(RUN_ID);
  expect(await isRunAlive(RUN_ID)).toBe(false);
  swapped.resolve(null);
  await swapping;
  (await held)();
});

it('the run of a tab that died is closed, that of a live tab is left alone', async () => {
  const name = 'kinemark-run-lock-test';
  const db = await openDatabase(name);
  onTestFinished(async () => {
    db.close();
    await deleteDB(name);
  });
  const runs = createRunStore(db);
  for (const runId of [RUN_ID, OTHER_RUN_ID]) {
    const start = { ...runStart, plan: { ...plan, runId } };
    await runs.start(start, 'blazepose-33', startedEvent({ runId }));
  }
  const dying = await holdElsewhere(RUN_ID);
  await holdElsewhere(OTHER_RUN_ID);
  const close = () => runs.closeInterrupted(isRunAlive, ({ runId }) => interruptedEvent({ runId }));
  expect(await close()).toEqual([]);
  dying.terminate();
  await expect.poll(close).toEqual([RUN_ID]);
  expect(await close()).toEqual([]);
});
