// What goes when room is needed, in the browser's real IndexedDB and against its real quota.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { SAMPLES_SHARE_OF_QUOTA, createRetention } from '../../src/lib/storage/retention.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { finishedEvent, interruptedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';
import { runResult } from '../fixtures/run-results.ts';
import { fillUp, limitQuota } from './limit-quota.ts';

const NAME = 'kinemark-retention-test';
const FRAMES = 400;
let db: Database;
beforeEach(async () => {
  db = await openDatabase(NAME);
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

function idOf(day: number): string {
  return `0197a000-0000-7000-8000-0000000000${String(day).padStart(2, '0')}`;
}
const timeOf = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;

/** A run of that day of November, ended or not. */
async function keepRun(day: number, hasEnded = true): Promise<void> {
  const runs = createRunStore(db);
  const of = { runId: idOf(day), time: timeOf(day) };
  const start = { ...runStart, startedAt: of.time, plan: { ...plan, runId: of.runId } };
  await runs.start(start, 'blazepose-33', startedEvent(of));
  await runs.addWindow(windowEvent(0, of));
  if (hasEnded) await runs.finish(runResult(FRAMES, of), finishedEvent(of));
}

async function daysWithSamples(): Promise<readonly number[]> {
  const keys = await db.getAllKeys('samples');
  return keys.map((key) => Number(key.slice(-2)));
}

describe('thinning', () => {
  it('takes the samples of the oldest runs, as many as are wanted, and nothing else', async () => {
    for (const day of [5, 3, 9]) await keepRun(day);
    await keepRun(1, false);
    await db.add('rejected', { event: windowEvent(7), reason: 'HTTP 400', refusedAt: null });
    const retention = createRetention(db);
    const before = await retention.usage();
    expect(before).toMatchObject({ runs: 4, windows: 4, waiting: 11, rejected: 1, thinnedRuns: 0 });

    const freedBytes = await retention.thinSamples(1);
    expect(await daysWithSamples()).toEqual([5, 9]);
    expect(freedBytes).toBe(before.samplesBytes / 3);
    expect(await retention.usage()).toMatchObject({
      ...{ runs: 4, windows: 4, waiting: 11, rejected: 1, thinnedRuns: 1 },
      samplesBytes: before.samplesBytes - freedBytes,
    });
    expect(await createRunStore(db).get(idOf(3))).toMatchObject({
      run: { summary: { outcome: 'finished' } },
      windows: [{ index: 0 }],
      hasSamples: false,
    });

    expect(await retention.thinSamples(Infinity)).toBe(2 * freedBytes);
    expect(await retention.thinSamples(Infinity)).toBe(0);
    expect(await retention.usage()).toMatchObject({ samplesBytes: 0, thinnedRuns: 3, waiting: 11 });
  });

  it('counts no run as thinned that never had samples', async () => {
    const runs = createRunStore(db);
    await keepRun(1, false);
    await runs.closeInterrupted(
      () => Promise.resolve(false),
      ({ runId }) => interruptedEvent({ runId }),
    );
    const of = { runId: idOf(2), time: timeOf(2) };
    await runs.finish(runResult(0, of), finishedEvent(of));
    expect(await createRetention(db).usage()).toMatchObject({ runs: 2, thinnedRuns: 0 });
  });

  it('keeps samples within their share of the quota', async () => {
    for (const day of [1, 2, 3]) await keepRun(day);
    const { samplesBytes } = await createRetention(db).usage();
    const withRoomFor = (bytes: number) =>
      createRetention(db, {
        estimate: () => Promise.resolve({ quota: bytes / SAMPLES_SHARE_OF_QUOTA }),
        persisted: () => Promise.resolve(true),
      });
    expect(await withRoomFor(samplesBytes).keepWithinBudget()).toBe(0);
    expect(await withRoomFor(samplesBytes / 2).keepWithinBudget()).toBeGreaterThan(0);
    expect(await daysWithSamples()).toEqual([3]);
  });
});

describe('usage', () => {
  it('tells what the browser tells, and null where it does not', async () => {
    expect(await createRetention(db).usage()).toMatchObject({
      usedBytes: expect.any(Number) as number,
      quotaBytes: expect.any(Number) as number,
      persisted: expect.any(Boolean) as boolean,
    });
    const silent = createRetention(db, {
      estimate: () => Promise.reject(new TypeError('denied')),
      persisted: () => Promise.reject(new TypeError('denied')),
    });
    const unknown = { usedBytes: null, quotaBytes: null, persisted: null };
    expect(await silent.usage()).toMatchObject(unknown);
    expect(await silent.keepWithinBudget()).toBe(0);
  });
});

describe('a full quota', () => {
  it('refuses a write and keeps what was there, until samples were thinned', async () => {
    db.close();
    await limitQuota(8_000_000);
    db = await openDatabase(NAME);
    for (const day of [1, 2, 3]) await keepRun(day);
    await keepRun(4, false);
    await fillUp(db);
    const of = { runId: idOf(4), time: timeOf(4) };
    const finish = () => createRunStore(db).finish(runResult(FRAMES, of), finishedEvent(of));
    await expect(finish()).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(await db.count('outbox')).toBe(11);
    expect(await createRunStore(db).get(idOf(4))).toMatchObject({ run: { summary: null } });
    // Deleting needs no room.
    expect(await createRetention(db).thinSamples(Infinity)).toBeGreaterThan(0);
    await finish();
    expect(await daysWithSamples()).toEqual([4]);
  });
});
