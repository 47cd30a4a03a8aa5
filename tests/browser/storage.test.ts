// What is kept on the device, in the browser's real IndexedDB.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/lib/benchmark/run-result.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { readDeviceId } from '../../src/lib/storage/device-id.ts';
import { createOutbox } from '../../src/lib/storage/outbox-store.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { RUN_ID, finishedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';

const NAME = 'kinemark-test';
let db: Database;
beforeEach(async () => {
  db = await openDatabase(NAME);
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

const result: RunResult = {
  plan,
  skeleton: 'blazepose-33',
  samples: [],
  summary: finishedEvent().data,
};

describe('the run store', () => {
  it('keeps a run and its events, in order', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    expect(await runs.list()).toMatchObject([{ runId: RUN_ID, summary: null }]);
    await runs.addWindow(windowEvent(0));
    await runs.finish(result, finishedEvent());
    expect(await runs.list()).toMatchObject([{ runId: RUN_ID, summary: { outcome: 'finished' } }]);
    const waiting = await createOutbox(db).peek(10);
    expect(waiting.map(({ event }) => event)).toEqual([
      startedEvent(),
      windowEvent(0),
      finishedEvent(),
    ]);
  });

  it('queues no event of a run that it could not keep', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await expect(runs.start(runStart, 'blazepose-33', startedEvent())).rejects.toMatchObject({
      name: 'ConstraintError',
    });
    expect(await createOutbox(db).peek(10)).toHaveLength(1);
  });

  it('survives a reload', async () => {
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    db.close();
    db = await openDatabase(NAME);
    expect(await createRunStore(db).list()).toHaveLength(1);
    expect(await createOutbox(db).peek(10)).toHaveLength(1);
  });
});

describe('the outbox', () => {
  it('forgets what was accepted and sets aside what was refused', async () => {
    const runs = createRunStore(db);
    for (const index of [0, 1, 2]) await runs.addWindow(windowEvent(index));
    const outbox = createOutbox(db);
    const [first, second] = await outbox.peek(2);
    if (!first || !second) throw new Error('The outbox is empty.');
    await outbox.remove([first.key]);
    await outbox.reject([second.key], 'HTTP 400');
    expect((await outbox.peek(10)).map(({ event }) => event)).toEqual([windowEvent(2)]);
    expect(await db.getAll('rejected')).toEqual([{ event: windowEvent(1), reason: 'HTTP 400' }]);
  });
});

describe('the device id', () => {
  it('is made once, also when tabs race for it', async () => {
    const other = await openDatabase(NAME);
    const ids = await Promise.all([readDeviceId(db), readDeviceId(other), readDeviceId(db)]);
    expect(new Set(ids).size).toBe(1);
    other.close();
  });
});
