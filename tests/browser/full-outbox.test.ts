// What a server refuses while storage is full, by Chromium's real quota. What waits behind it must get through.
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createUploader } from '../../src/lib/events/uploader.ts';
import type { Uploader } from '../../src/lib/events/uploader.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import type { Database } from '../../src/lib/storage/database.ts';
import { createOutbox } from '../../src/lib/storage/outbox-store.ts';
import { createRunStore } from '../../src/lib/storage/run-store.ts';
import { OTHER_RUN_ID, finishedEvent, windowEvent } from '../fixtures/events.ts';
import { runResult } from '../fixtures/run-results.ts';
import { fillUp, limitQuota } from './limit-quota.ts';

const NAME = 'kinemark-full-outbox-test';
const CULPRIT = windowEvent(1).id;
/** Enough for the raw samples of a run. */
const ROOM_BYTES = 8_000_000;

let db: Database;
let lift: () => Promise<void>;
let sent: (readonly string[])[];
beforeEach(async () => {
  lift = await limitQuota(ROOM_BYTES);
  db = await openDatabase(NAME);
  sent = [];
});
afterEach(async () => {
  db.close();
  await deleteDB(NAME);
});

/** An uploader to a server that refuses the culprit by name. */
function uploaderTo(): Uploader {
  const uploader = createUploader({
    outbox: createOutbox(db),
    send: async (events) => {
      sent.push(events.map(({ id }) => id));
      const index = events.findIndex(({ id }) => id === CULPRIT);
      return index < 0
        ? { kind: 'accepted' }
        : { kind: 'rejected', reason: 'HTTP 400', faults: [{ index, message: 'bad' }] };
    },
    exclusively: (work) => work(),
  });
  onTestFinished(() => uploader.stop());
  return uploader;
}

async function queueTwoRuns(): Promise<void> {
  for (const index of [0, 1, 2]) await db.add('outbox', windowEvent(index));
  for (const index of [0, 1, 2]) {
    await db.add('outbox', windowEvent(index, { runId: OTHER_RUN_ID }));
  }
}

it('is set aside at the cost of raw samples', async () => {
  await createRunStore(db).finish(runResult(1000), finishedEvent());
  await queueTwoRuns();
  await fillUp(db);
  const uploader = uploaderTo();
  await uploader.flush();
  expect(uploader.state).toEqual({ kind: 'idle' });
  expect(await db.count('outbox')).toBe(0);
  expect(await db.getAll('rejected')).toMatchObject([{ event: { id: CULPRIT }, reason: 'bad' }]);
  expect(await db.count('samples')).toBe(0);
});

it('holds up nothing where there are no samples left, and is set aside when there is room', async () => {
  await queueTwoRuns();
  await fillUp(db);
  const uploader = uploaderTo();
  await uploader.flush();
  expect(sent.filter((ids) => !ids.includes(CULPRIT)).flat()).toHaveLength(5);
  expect((await db.getAll('outbox')).map(({ id }) => id)).toEqual([CULPRIT]);
  expect(await db.count('rejected')).toBe(0);
  expect(uploader.state).toEqual({
    kind: 'broken',
    reason: 'what the server refused cannot be set aside (QuotaExceededError)',
  });
  await lift();
  await uploader.resume();
  expect(await db.count('outbox')).toBe(0);
  expect(await db.getAll('rejected')).toMatchObject([{ event: { id: CULPRIT } }]);
  expect(sent.filter((ids) => ids.includes(CULPRIT))).toHaveLength(1);
});
