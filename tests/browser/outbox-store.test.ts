// The outbox in the browser's real IndexedDB.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { Outbox } from '../../src/lib/events/outbox.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { createOutbox } from '../../src/lib/storage/outbox-store.ts';
import { windowEvent } from '../fixtures/events.ts';

const NAME = 'kinemark-outbox-test';
const events = [0, 1, 2, 3, 4, 5].map((index) => windowEvent(index));

let db: Database;
let outbox: Outbox;
let keys: readonly number[];
beforeEach(async () => {
  db = await openDatabase(NAME);
  outbox = createOutbox(db);
  for (const event of events) await db.add('outbox', event);
  keys = await db.getAllKeys('outbox');
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

/** The keys at these positions. */
function keysAt(...positions: readonly number[]): readonly number[] {
  return positions.map((position) => keys[position] ?? Number.NaN);
}

async function peeked(limit: number, except?: ReadonlySet<number>) {
  return (await outbox.peek(limit, except)).map(({ event }): MetricEvent => event);
}

describe('the outbox', () => {
  it('shows the oldest first, with their keys, as many as wanted', async () => {
    expect(await outbox.peek(2)).toEqual([
      { key: keys[0], event: events[0] },
      { key: keys[1], event: events[1] },
    ]);
    expect(await peeked(100)).toEqual(events);
    expect(await peeked(0)).toEqual([]);
  });

  it('leaves out what is excepted, and still shows as many', async () => {
    const except = new Set([...keysAt(0, 1, 3), 987_654]);
    expect(await peeked(2, except)).toEqual([events[2], events[4]]);
    expect(await peeked(10, new Set(keys))).toEqual([]);
  });

  it('forgets what was accepted, also what is gone already', async () => {
    await outbox.remove(keysAt(1, 4));
    await outbox.remove([...keysAt(1), 987_654]);
    expect(await peeked(10)).toEqual([events[0], events[2], events[3], events[5]]);
    expect(await outbox.count()).toBe(4);
    await outbox.remove([]);
    expect(await outbox.count()).toBe(4);
  });

  it('sets aside what was refused, each event with its reason', async () => {
    const [first = 0, second = 0] = keysAt(2, 5);
    await outbox.reject([
      { key: first, reason: 'data.frames: must be a count' },
      { key: 987_654, reason: 'another tab was faster' },
      { key: second, reason: 'HTTP 413: too large' },
    ]);
    expect(await outbox.count()).toBe(4);
    const rejected = await db.getAll('rejected');
    expect(rejected).toMatchObject([
      { event: events[2], reason: 'data.frames: must be a count' },
      { event: events[5], reason: 'HTTP 413: too large' },
    ]);
    for (const { refusedAt } of rejected) expect(Date.parse(refusedAt ?? '')).not.toBeNaN();
  });

  it('is the same for every tab of the device', async () => {
    const otherDb = await openDatabase(NAME);
    const other = createOutbox(otherDb);
    await Promise.all([outbox.remove(keysAt(0, 1)), other.remove(keysAt(1, 2))]);
    expect(await other.count()).toBe(3);
    expect(await outbox.count()).toBe(3);
    otherDb.close();
  });

  it('fails when its database is closed', async () => {
    db.close();
    await expect(outbox.peek(1)).rejects.toMatchObject({ name: 'InvalidStateError' });
    await expect(outbox.remove(keysAt(0))).rejects.toMatchObject({ name: 'InvalidStateError' });
    await expect(outbox.reject([])).rejects.toMatchObject({ name: 'InvalidStateError' });
    await expect(outbox.count()).rejects.toMatchObject({ name: 'InvalidStateError' });
    db = await openDatabase(NAME);
  });
});
