// The schema of the device's database and its one connection, in real IndexedDB: data of earlier versions,
// tabs of other versions, a browser that ends the connection.
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { cdp } from 'vitest/browser';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import {
  OTHER_RUN_ID,
  RUN_ID,
  STARTED_AT,
  finishedEvent,
  interruptedEvent,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';
import { frameSample } from '../fixtures/run-results.ts';
import { openVersion2 } from './version-2-database.ts';

const NAME = 'kinemark-database-test';
const THIRD_RUN_ID = '0197a000-0000-7000-8000-000000000003';
const DEVICE_ID = '0197a000-0000-7000-8000-00000000d001';

afterEach(() => deleteDB(NAME));

async function open(watch: Parameters<typeof openDatabase>[1] = {}): Promise<Database> {
  const db = await openDatabase(NAME, watch);
  onTestFinished(() => db.close());
  return db;
}

/** A database as version 2 made it: the first run has ended, of the others the tab was closed. */
async function makeVersion2(): Promise<void> {
  const db = await openVersion2(NAME);
  const run = { startedAt: STARTED_AT, plan, skeleton: 'blazepose-33', summary: null };
  await db.add('runs', { ...run, runId: RUN_ID, summary: finishedEvent().data });
  await db.add('runs', { ...run, runId: OTHER_RUN_ID });
  await db.add('runs', { ...run, runId: THIRD_RUN_ID });
  await db.add('samples', [frameSample(0), frameSample(1)], RUN_ID);
  await db.add('outbox', windowEvent(1));
  await db.add('outbox', finishedEvent());
  await db.add('outbox', startedEvent({ runId: OTHER_RUN_ID }));
  await db.add('outbox', windowEvent(0, { runId: OTHER_RUN_ID }));
  await db.add('outbox', windowEvent(1, { runId: OTHER_RUN_ID }));
  await db.add('rejected', { event: windowEvent(0), reason: 'HTTP 400' });
  await db.add('settings', DEVICE_ID, 'deviceId');
  await db.add('own-models', { id: 'mine' });
  db.close();
}

describe('a database of version 2', () => {
  it('keeps all it had', async () => {
    await makeVersion2();
    const db = await open();
    expect(db.version).toBe(3);
    expect(await db.getAll('samples')).toEqual([[frameSample(0), frameSample(1)]]);
    expect(await db.getAll('outbox')).toEqual([
      windowEvent(1),
      finishedEvent(),
      startedEvent({ runId: OTHER_RUN_ID }),
      windowEvent(0, { runId: OTHER_RUN_ID }),
      windowEvent(1, { runId: OTHER_RUN_ID }),
    ]);
    expect(await db.getAll('rejected')).toEqual([
      { event: windowEvent(0), reason: 'HTTP 400', refusedAt: null },
    ]);
    expect(await db.get('settings', 'deviceId')).toBe(DEVICE_ID);
    expect(await db.getAll('own-models')).toEqual([{ id: 'mine' }]);
    expect(await createRunStore(db).get(RUN_ID)).toMatchObject({
      run: { summary: finishedEvent().data, started: null, interruptedAt: null },
      hasSamples: true,
    });
  });

  it('learns of runs without an end what still waits of them', async () => {
    await makeVersion2();
    const db = await open();
    expect(await createRunStore(db).get(OTHER_RUN_ID)).toMatchObject({
      run: { started: startedEvent().data, summary: null, plan },
      windows: [{ index: 0 }, { index: 1 }],
      hasSamples: false,
    });
    expect(await createRunStore(db).get(THIRD_RUN_ID)).toMatchObject({
      run: { started: null },
      windows: [],
    });
    expect(await db.count('windows')).toBe(2);
  });

  it('has its interrupted runs announced under ids that none of their events had', async () => {
    await makeVersion2();
    const db = await open();
    const closed = await createRunStore(db).closeInterrupted(
      () => Promise.resolve(false),
      ({ runId, nextSequence }, windows) => ({
        ...interruptedEvent({ runId, data: { windows } }),
        id: `${runId}/${nextSequence}`,
      }),
    );
    expect(closed.toSorted()).toEqual([OTHER_RUN_ID, THIRD_RUN_ID]);
    const announced = (await db.getAll('outbox')).slice(-2);
    expect(announced).toMatchObject([
      { subject: OTHER_RUN_ID, id: `${OTHER_RUN_ID}/100000000`, data: { windows: 2 } },
      { subject: THIRD_RUN_ID, id: `${THIRD_RUN_ID}/100000000`, data: { windows: 0 } },
    ]);
  });

  it('stays as it was when it cannot be migrated', async () => {
    await makeVersion2();
    const broken = await openVersion2(NAME);
    // No such run was ever stored: it stands for whatever a migration does not expect.
    await broken.add('runs', { runId: 'x', startedAt: STARTED_AT, summary: {} });
    broken.close();
    await expect(openDatabase(NAME)).rejects.toThrow();
    const again = await openDB(NAME);
    expect(again.version).toBe(2);
    expect(await again.count('outbox')).toBe(5);
    again.close();
  });
});

describe('tabs of other versions', () => {
  it('are let through, and the page is told', async () => {
    const told = Promise.withResolvers<null>();
    const db = await open({ onSuperseded: () => told.resolve(null) });
    const newer = await openDB(NAME, 4);
    await told.promise;
    newer.close();
    await expect(db.getAll('runs')).rejects.toMatchObject({ name: 'InvalidStateError' });
  });

  it('wait for a run to end', async () => {
    const ended = Promise.withResolvers<null>();
    const db = await open({ beforeYield: () => ended.promise.then(() => undefined) });
    const blocked = Promise.withResolvers<null>();
    const newer = openDB(NAME, 4, { blocked: () => blocked.resolve(null) });
    await blocked.promise;
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    ended.resolve(null);
    const opened = await newer;
    expect(await opened.count('outbox')).toBe(1);
    opened.close();
  });

  it('of an earlier version that do not let go are reported', async () => {
    await makeVersion2();
    const earlier = await openVersion2(NAME);
    const blocked = Promise.withResolvers<null>();
    const opening = openDatabase(NAME, { onBlocked: () => blocked.resolve(null) });
    await blocked.promise;
    earlier.close();
    (await opening).close();
  });

  it('cannot go back: the page says what to do', async () => {
    (await openDB(NAME, 4)).close();
    await expect(openDatabase(NAME)).rejects.toThrow('Load the page anew.');
  });
});

describe('a connection that the browser ends', () => {
  it('is opened again', async () => {
    const db = await open();
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    await cdp().send('Storage.clearDataForOrigin', {
      origin: location.origin,
      storageTypes: 'indexeddb',
    });
    await expect.poll(() => db.count('runs').catch(() => 'lost')).toBe(0);
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    expect(await db.count('outbox')).toBe(1);
  });

  it('is opened again after somebody deleted the database', async () => {
    const db = await open();
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    await deleteDB(NAME);
    await expect.poll(() => db.count('runs').catch(() => 'lost')).toBe(0);
  });
});
