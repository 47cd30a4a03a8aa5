// What is kept of runs on the device, in the browser's real IndexedDB.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { readDeviceId } from '../../src/lib/storage/device-id.ts';
import { createRejectedStore } from '../../src/lib/storage/rejected-store.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { waitingByRun } from '../../src/lib/storage/waiting-by-run.ts';
import {
  OTHER_RUN_ID,
  RUN_ID,
  finishedEvent,
  interruptedEvent,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { plan, runStart } from '../fixtures/run-plans.ts';
import { runResult } from '../fixtures/run-results.ts';

const NAME = 'kinemark-storage-test';
let db: Database;
beforeEach(async () => {
  db = await openDatabase(NAME);
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

const isGone = () => Promise.resolve(false);
const isThere = () => Promise.resolve(true);
const other = { ...runStart, plan: { ...plan, runId: OTHER_RUN_ID } };

async function waitingIds(): Promise<readonly string[]> {
  return (await db.getAll('outbox')).map(({ id }) => id);
}

describe('the run store', () => {
  it('keeps a run, its windows and its events, in order', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    expect(await runs.get(RUN_ID)).toEqual({
      run: {
        ...{ runId: RUN_ID, startedAt: runStart.startedAt, plan, skeleton: 'blazepose-33' },
        ...{ started: startedEvent().data, summary: null, interruptedAt: null },
        ...{ nextSequence: 1, samplesBytes: 0 },
      },
      windows: [],
      hasSamples: false,
    });
    await runs.addWindow(windowEvent(0));
    await runs.addWindow(windowEvent(1));
    await runs.finish(runResult(2), finishedEvent());
    expect(await runs.get(RUN_ID)).toMatchObject({
      run: { started: startedEvent().data, summary: { outcome: 'finished' } },
      windows: [windowEvent(0).data, windowEvent(1).data],
      hasSamples: true,
    });
    expect(await db.getAll('outbox')).toEqual([
      startedEvent(),
      windowEvent(0),
      windowEvent(1),
      finishedEvent(),
    ]);
  });

  it('lists the newest run first, and finds none that it does not have', async () => {
    const runs = createRunStore(db);
    await runs.start(
      { ...other, startedAt: '2026-11-06T10:00:00.000Z' },
      'coco-17',
      startedEvent(),
    );
    await runs.start(runStart, 'blazepose-33', startedEvent());
    expect((await runs.list()).map(({ runId }) => runId)).toEqual([OTHER_RUN_ID, RUN_ID]);
    expect(await runs.get(crypto.randomUUID())).toBeNull();
  });

  it('takes each step once, however often it is tried', async () => {
    const runs = createRunStore(db);
    const steps = [
      () => runs.start(runStart, 'blazepose-33', startedEvent()),
      () => runs.addWindow(windowEvent(0)),
      () => runs.finish(runResult(1), finishedEvent()),
    ];
    for (const step of steps) await Promise.all([step(), step()]);
    for (const step of steps) await step();
    expect(await waitingIds()).toEqual([0, 1, 1_000_000].map((n) => `${RUN_ID}/${n}`));
    expect((await runs.get(RUN_ID))?.run.summary).not.toBeNull();
  });

  it('queues no event of what it could not keep', async () => {
    const runs = createRunStore(db);
    const uncloneable = {
      ...runResult(1),
      plan: { ...plan, seed: (() => 1) as unknown as number },
    };
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await expect(runs.finish(uncloneable, finishedEvent())).rejects.toMatchObject({
      name: 'DataCloneError',
    });
    expect(await waitingIds()).toHaveLength(1);
    expect(await runs.get(RUN_ID)).toMatchObject({ run: { summary: null }, hasSamples: false });
  });

  it('queues the events of a run whose record somebody deleted', async () => {
    const runs = createRunStore(db);
    await runs.addWindow(windowEvent(0));
    await runs.finish(runResult(1), finishedEvent());
    expect(await waitingIds()).toHaveLength(2);
    expect(await runs.list()).toMatchObject([{ started: null, summary: { runId: RUN_ID } }]);
  });

  it('survives a reload', async () => {
    await createRunStore(db).start(runStart, 'blazepose-33', startedEvent());
    db.close();
    db = await openDatabase(NAME);
    expect(await createRunStore(db).list()).toHaveLength(1);
    expect(await waitingIds()).toHaveLength(1);
  });

  it('counts what waits by run', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await runs.addWindow(windowEvent(0));
    await runs.start(other, 'blazepose-33', startedEvent({ runId: OTHER_RUN_ID }));
    expect(await waitingByRun(db)).toEqual(
      new Map([
        [RUN_ID, 2],
        [OTHER_RUN_ID, 1],
      ]),
    );
  });
});

describe('a run without an end', () => {
  it('is marked and announced once, after its last event', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await runs.addWindow(windowEvent(0));
    await runs.addWindow(windowEvent(1));
    const made: unknown[] = [];
    const make = (run: { nextSequence: number }, windows: number) => {
      made.push([run.nextSequence, windows]);
      return interruptedEvent();
    };
    expect(await runs.closeInterrupted(isGone, make)).toEqual([RUN_ID]);
    expect(await runs.closeInterrupted(isGone, make)).toEqual([]);
    expect(made).toEqual([[3, 2]]);
    expect((await db.getAll('outbox')).at(-1)).toEqual(interruptedEvent());
    expect(await runs.get(RUN_ID)).toMatchObject({
      run: { interruptedAt: interruptedEvent().data.noticedAt, summary: null },
      windows: [{ index: 0 }, { index: 1 }],
    });
  });

  it('is closed by one of the tabs that start at the same moment', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await runs.start(other, 'blazepose-33', startedEvent({ runId: OTHER_RUN_ID }));
    const tabs = await Promise.all([1, 2, 3, 4].map(() => openDatabase(NAME)));
    const closed = await Promise.all(
      tabs.map((tab) =>
        createRunStore(tab).closeInterrupted(isGone, ({ runId }) => interruptedEvent({ runId })),
      ),
    );
    expect(closed.flat().toSorted()).toEqual([RUN_ID, OTHER_RUN_ID]);
    expect(await waitingByRun(db)).toEqual(
      new Map([
        [RUN_ID, 2],
        [OTHER_RUN_ID, 2],
      ]),
    );
    for (const tab of tabs) tab.close();
  });

  it('is left alone while somebody carries it on, and when it has ended', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    expect(await runs.closeInterrupted(isThere, () => interruptedEvent())).toEqual([]);
    await runs.finish(runResult(), finishedEvent());
    expect(await runs.closeInterrupted(isGone, () => interruptedEvent())).toEqual([]);
    expect(await waitingIds()).toHaveLength(2);
  });

  it('that ends while it is looked at is not closed', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    const endsMeanwhile = async () => {
      await runs.finish(runResult(), finishedEvent());
      return false;
    };
    expect(await runs.closeInterrupted(endsMeanwhile, () => interruptedEvent())).toEqual([]);
    expect(await runs.list()).toMatchObject([{ interruptedAt: null }]);
  });

  it('keeps all it has to say under ids of their own, should it go on after all', async () => {
    const runs = createRunStore(db);
    const at = (event: { id: string }, n: number) => ({ ...event, id: `${RUN_ID}/${n}` });
    await runs.start(runStart, 'blazepose-33', startedEvent());
    await runs.closeInterrupted(isGone, () => at(interruptedEvent(), 1) as never);
    await runs.addWindow(at(windowEvent(0), 1) as never);
    await runs.addWindow(at(windowEvent(1), 2) as never);
    await runs.finish(runResult(1), at(finishedEvent(), 3) as never);
    expect(await waitingIds()).toEqual([0, 1, 2, 3, 4].map((n) => `${RUN_ID}/${n}`));
    expect(await runs.list()).toMatchObject([{ summary: { runId: RUN_ID }, nextSequence: 5 }]);
  });
});

describe('refused events', () => {
  beforeEach(async () => {
    for (const index of [0, 1, 2]) {
      const refusedAt = index === 0 ? null : '2026-11-05T12:00:00.000Z';
      await db.add('rejected', {
        event: windowEvent(index),
        reason: `HTTP 400: ${index}`,
        refusedAt,
      });
    }
  });

  it('are listed, exported and discarded', async () => {
    const rejected = createRejectedStore(db);
    const entries = await rejected.list();
    expect(entries.map(({ reason }) => reason)).toEqual([0, 1, 2].map((n) => `HTTP 400: ${n}`));
    const exported = JSON.parse(await rejected.exportJson()) as { entries: unknown[] };
    expect(exported.entries[1]).toEqual({
      event: windowEvent(1),
      reason: 'HTTP 400: 1',
      refusedAt: '2026-11-05T12:00:00.000Z',
    });
    await rejected.remove(entries.slice(0, 2).map(({ key }) => key));
    expect(await rejected.list()).toMatchObject([{ event: windowEvent(2) }]);
  });

  it('that are discarded are counted on their run, each once, and with what it does later', async () => {
    const runs = createRunStore(db);
    await runs.start(runStart, 'blazepose-33', startedEvent());
    const rejected = createRejectedStore(db);
    const keys = (await rejected.list()).map(({ key }) => key);
    expect(await runs.list()).not.toMatchObject([{ discardedEvents: expect.anything() }]);
    await Promise.all([rejected.remove(keys.slice(0, 2)), rejected.remove(keys.slice(0, 2))]);
    expect(await runs.list()).toMatchObject([{ discardedEvents: 2 }]);
    await runs.finish(runResult(1), finishedEvent());
    await rejected.remove(keys);
    expect(await runs.list()).toMatchObject([{ discardedEvents: 3, summary: { runId: RUN_ID } }]);
  });

  it('go back to the end of the outbox in their order, each once', async () => {
    const rejected = createRejectedStore(db);
    await db.add('outbox', startedEvent());
    const keys = (await rejected.list()).map(({ key }) => key);
    await Promise.all([rejected.retry(keys.toReversed()), rejected.retry(keys)]);
    expect(await db.getAll('outbox')).toEqual([
      startedEvent(),
      ...[0, 1, 2].map((n) => windowEvent(n)),
    ]);
    expect(await rejected.list()).toEqual([]);
  });
});

describe('the device id', () => {
  it('is made once, also when tabs race for it', async () => {
    const another = await openDatabase(NAME);
    const ids = await Promise.all([readDeviceId(db), readDeviceId(another), readDeviceId(db)]);
    expect(new Set(ids).size).toBe(1);
    another.close();
  });
});
