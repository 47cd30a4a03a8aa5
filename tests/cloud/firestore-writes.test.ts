// Writing to Firestore: several writers at once, one that is killed, and what is too large.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import type { RunDocument } from '../../server/store/firestore/run-document.server.ts';
import { openFirestoreClient } from '../../server/store/firestore/firestore-client.server.ts';
import type { Store } from '../../server/store/store.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import {
  DEVICE_ID,
  OTHER_RUN_ID,
  RUN_ID,
  finishedEvent,
  runEvents,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { openFirestoreStore } from './open-firestore-store.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const CHILD = join(import.meta.dirname, 'firestore-writing-child.ts');
/** What the child has written when it is killed: hardly begun, and well under way. */
const KILL_AFTER = [1, 12, 5];
const CONTENTION_LIMIT_MS = 120_000;
/** How long the locks of a killed transaction may stay, in ms. */
const LOCKS_GO = { timeout: 60_000, interval: 1000 };

function openStore(google: GoogleConfig): Store {
  const store = openFirestoreStore(google);
  onTestFinished(() => store.close());
  return store;
}

function openClient(google: GoogleConfig) {
  const { firestore, close } = openFirestoreClient({ google });
  onTestFinished(close);
  return firestore;
}

async function expectWhole(store: Store, windowCount: number): Promise<void> {
  const windows = (await store.getRun(RUN_ID))?.windows.map(({ index }) => index);
  expect(windows).toEqual(Array.from({ length: windowCount }, (_, index) => index));
  expect(await store.listRuns({ limit: 2 })).toMatchObject([{ windowCount }]);
}

/** How many windows are documents, and how many frames they have by the run's own sum. */
async function countFrames(google: GoogleConfig) {
  const run = openClient(google).doc(`runs/${RUN_ID}`);
  const { count } = (await run.collection('windows').count().get()).data();
  const { windowFrames } = (await run.get()).data() as RunDocument;
  return { count, processed: windowFrames?.processed };
}

test.skipIf(!hasEmulators)(
  'two writers of the same and of interleaved events leave one of each',
  { timeout: CONTENTION_LIMIT_MS },
  async () => {
    const google = freshGoogleConfig();
    const [first, second] = [openStore(google), openStore(google)];
    const same = runEvents(12);
    const written = await Promise.all([first.write(same), second.write(same)]);
    expect(written.map(({ conflictingIds }) => conflictingIds)).toEqual([[], []]);
    expect(written.map(({ newEvents }) => newEvents).sort((a, b) => a - b)).toEqual([0, 14]);

    const later = Array.from({ length: 12 }, (_, index) => windowEvent(12 + index));
    const writeOneByOne = async (store: Store, events: readonly MetricEvent[]) => {
      let newEvents = 0;
      for (const event of events) newEvents += (await store.write([event])).newEvents;
      return newEvents;
    };
    const [even, odd] = [0, 1].map((rest) => later.filter((_, index) => index % 2 === rest));
    const counts = await Promise.all([
      writeOneByOne(first, [...(even ?? []), ...(odd ?? []).slice(0, 2)]),
      writeOneByOne(second, odd ?? []),
    ]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(12);
    await expectWhole(first, 24);
    expect(await countFrames(google)).toEqual({ count: 24, processed: 96 });
  },
);

/** Runs the child until it has written `count` batches, and kills it. */
async function writeUntilKilled(google: GoogleConfig, count: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, google.project], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return output.split('\n').length - 1;
}

test.skipIf(!hasEmulators)(
  'after kill -9 a repeat completes the run, and nothing counts twice',
  { timeout: CONTENTION_LIMIT_MS },
  async () => {
    const google = freshGoogleConfig();
    let batches = 0;
    for (const count of KILL_AFTER) {
      batches = Math.max(batches, await writeUntilKilled(google, count));
    }
    expect(batches).toBeGreaterThanOrEqual(12);
    const store = openStore(google);
    const before = await store.getRun(RUN_ID);
    // The child writes three windows at a time.
    expect(before?.windows.length).toBeGreaterThanOrEqual(3 * batches);
    expect((before?.windows.length ?? 0) % 3, 'half a batch').toBe(0);

    const windowCount = 3 * (batches + 5);
    // Of a killed transaction the emulator keeps the locks for a while; a worker tries again as well.
    const repeated = await vi.waitFor(() => store.write(runEvents(windowCount)), LOCKS_GO);
    expect(repeated.conflictingIds).toEqual([]);
    await expectWhole(store, windowCount);
    const { processed } = await countFrames(google);
    expect(processed).toBe(4 * windowCount);
  },
);

test.skipIf(!hasEmulators)(
  'a run of 500 windows is one like others, also when it comes again',
  async () => {
    const google = freshGoogleConfig();
    const store = openStore(google);
    const events = runEvents(500);
    expect(await store.write(events)).toMatchObject({ newEvents: 502 });
    expect(await store.write(events)).toMatchObject({ newEvents: 0, conflictingIds: [] });
    await expectWhole(store, 500);
    const run = await openClient(google).doc(`runs/${RUN_ID}`).get();
    expect(run.get('seen')).toBe('0-500,1000000');
  },
);

test.skipIf(!hasEmulators)('more than a transaction takes is written in several', async () => {
  const store = openStore(freshGoogleConfig());
  const events = Array.from({ length: 12 }, (_, index) => largeWindow(index, 900_000));
  expect(await store.write(events)).toMatchObject({ newEvents: 12 });
  expect((await store.getRun(RUN_ID))?.windows).toEqual(events.map(({ data }) => data));
});

test.skipIf(!hasEmulators)('many runs of a new device do not hold one another up', async () => {
  const google = freshGoogleConfig();
  const store = openStore(google);
  const runs = Array.from({ length: 40 }, (_, run) =>
    runEvents(1, { runId: `${RUN_ID.slice(0, -3)}${100 + run}` }),
  );
  expect(await store.write(runs.flat())).toMatchObject({ newEvents: 120, conflictingIds: [] });
  expect(await store.listRuns({ limit: 100 })).toHaveLength(40);
});

test.skipIf(!hasEmulators)(
  'an event that can never fit is refused in a sentence, and alone',
  async () => {
    const store = openStore(freshGoogleConfig());
    const tooLarge = largeWindow(0, 1_048_576);
    const other = runEvents(1, { runId: OTHER_RUN_ID });
    await expect(store.write([startedEvent(), tooLarge, ...other])).rejects.toThrow(
      /^The window 0 of the run \S+ would have 10\d+ bytes in Firestore, which takes 1048576, so it cannot be stored; /,
    );
    expect(await store.listRuns({ limit: 10 }), 'other runs are written').toMatchObject([
      { runId: OTHER_RUN_ID, status: 'finished' },
    ]);
    expect(await store.write([startedEvent()]), 'so can be the rest of its own').toMatchObject({
      newEvents: 1,
    });
    const half = { failure: 'x'.repeat(600_000) };
    await store.write([finishedEvent({ data: half })]);
    const again = { ...finishedEvent(), id: `${RUN_ID}/5` };
    const started = startedEvent({
      data: { source: { ...startedEvent().data.source, name: half.failure } },
    });
    await expect(store.write([{ ...started, id: again.id }])).rejects.toThrow(
      /^The run \S+ would have 1[2-9]\d+ bytes in Firestore/,
    );
    expect(await store.write([again]), 'an event that makes it smaller').toMatchObject({
      newEvents: 1,
    });
  },
);

test.skipIf(!hasEmulators)('what fits just so is kept', async () => {
  const store = openStore(freshGoogleConfig());
  const event = largeWindow(0, 1_044_000);
  await store.write([event]);
  expect((await store.getRun(RUN_ID))?.windows).toEqual([event.data]);
});

test.skipIf(!hasEmulators)(
  'devices are noted with their first event and, to the minute, their last',
  async () => {
    const google = freshGoogleConfig();
    const store = openStore(google);
    const device = openClient(google).doc(`devices/${DEVICE_ID}`);
    const at = (time: string, index: number) => windowEvent(index, { time: `2026-11-05T${time}` });
    const seen = async () => (await device.get()).data();

    await store.write([at('10:00:00.000Z', 1)]);
    await store.write([at('10:00:59.000Z', 2)]);
    expect(await seen()).toEqual({
      firstSeenAt: '2026-11-05T10:00:00.000Z',
      lastSeenAt: '2026-11-05T10:00:00.000Z',
    });
    await store.write([at('10:01:01.000Z', 3), at('10:01:30.000Z', 4)]);
    await store.write([at('10:59:00.000+01:00', 5)]);
    expect(await seen()).toEqual({
      firstSeenAt: '2026-11-05T09:59:00.000Z',
      lastSeenAt: '2026-11-05T10:01:30.000Z',
    });
  },
);

test.skipIf(!hasEmulators)('what a later version has added stays', async () => {
  const google = freshGoogleConfig();
  const store = openStore(google);
  await store.write([startedEvent()]);
  const client = openClient(google);
  const [run, device] = [client.doc(`runs/${RUN_ID}`), client.doc(`devices/${DEVICE_ID}`)];
  await run.update({ addedLater: 'kept' });
  await device.update({ addedLater: 'kept' });
  await store.write([finishedEvent({ time: '2026-11-06T00:00:00.000Z' })]);
  expect((await run.get()).data()).toMatchObject({ addedLater: 'kept', status: 'finished' });
  expect((await device.get()).data()).toMatchObject({
    addedLater: 'kept',
    lastSeenAt: '2026-11-06T00:00:00.000Z',
  });
});

/** A window whose JSON is a little more than `bytes`: larger than ingest lets through, as only the store is asked. */
function largeWindow(index: number, bytes: number): MetricEvent {
  const event = windowEvent(index);
  return { ...event, data: { ...event.data, padding: 'x'.repeat(bytes) } } as MetricEvent;
}
