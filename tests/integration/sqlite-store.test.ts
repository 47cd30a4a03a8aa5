// The embedded store on a real SQLite file: repeats, disorder, and what is read back.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import type { Store } from '../../server/store/store.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import {
  DEVICE_ID,
  OTHER_RUN_ID,
  RUN_ID,
  STARTED_AT,
  finishedEvent,
  interruptedEvent,
  runEvents,
  startedEvent,
  windowEvent,
} from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

function openStore(path = join(temporaryFolder(), 'store.sqlite')): Store {
  const store = createSqliteStore(path);
  onTestFinished(() => store.close().catch(() => {}));
  return store;
}

const finishedItem = {
  runId: RUN_ID,
  deviceId: DEVICE_ID,
  target: 'mediapipe/blazepose-lite@wasm',
  scenario: 'single-stream',
  sourceName: 'actor.mp4',
  status: 'finished',
  startedAt: STARTED_AT,
  frames: { decoded: 300, processed: 300, dropped: 0, detected: 297 },
  plannedFrames: 300,
  effectiveFps: 33.3,
  latencyP50Ms: 28.5,
  latencyP90Ms: 41,
  detectionRate: 0.99,
  verdict: { valid: true, reasons: [] },
  windowCount: 2,
};

test('a whole run is listed and read back as it was sent', async () => {
  const store = openStore();
  const result = await store.write(runEvents(2));

  expect(result).toEqual({ newEvents: 4, changedRunIds: [RUN_ID], conflictingIds: [] });
  expect(await store.listRuns({ limit: 10 })).toEqual([finishedItem]);
  expect(await store.getRun(RUN_ID)).toEqual({
    runId: RUN_ID,
    deviceId: DEVICE_ID,
    status: 'finished',
    started: startedEvent().data,
    windows: [windowEvent(0).data, windowEvent(1).data],
    finished: finishedEvent().data,
    interrupted: null,
  });
});

test('the same batch twice changes nothing', async () => {
  const store = openStore();
  await store.write(runEvents(2));
  const before = [await store.listRuns({ limit: 10 }), await store.getRun(RUN_ID)];

  expect(await store.write(runEvents(2))).toEqual({
    newEvents: 0,
    changedRunIds: [],
    conflictingIds: [],
  });
  expect([await store.listRuns({ limit: 10 }), await store.getRun(RUN_ID)]).toEqual(before);
});

test('an event twice in one batch counts once', async () => {
  const store = openStore();
  const result = await store.write([startedEvent(), windowEvent(0), windowEvent(0)]);
  expect(result.newEvents).toBe(2);
  expect(await store.listRuns({ limit: 1 })).toMatchObject([
    { windowCount: 1, frames: { decoded: 4 } },
  ]);
});

test.each(permutations(runEvents(2)).map((events) => [types(events), events] as const))(
  'events may arrive as %s',
  async (_, events) => {
    const store = openStore();
    for (const event of events) await store.write([event]);
    expect(await store.listRuns({ limit: 10 })).toEqual([finishedItem]);
    expect(await store.getRun(RUN_ID)).toMatchObject({
      status: 'finished',
      started: { plannedFrames: 300 },
      windows: [{ index: 0 }, { index: 1 }],
    });
  },
);

test('a run that goes on shows the frames of its windows', async () => {
  const store = openStore();
  await store.write([startedEvent()]);
  expect(await store.listRuns({ limit: 1 })).toMatchObject([
    { status: 'running', frames: null, effectiveFps: null, verdict: null, windowCount: 0 },
  ]);

  await store.write([windowEvent(0), windowEvent(1)]);
  expect(await store.listRuns({ limit: 1 })).toMatchObject([
    { frames: { decoded: 8, processed: 8, dropped: 0, detected: 6 }, windowCount: 2 },
  ]);
});

test('windows alone make a run that can be read but is not listed yet', async () => {
  const store = openStore();
  await store.write([windowEvent(1)]);
  expect(await store.listRuns({ limit: 10 })).toEqual([]);
  expect(await store.getRun(RUN_ID)).toMatchObject({
    status: 'running',
    started: null,
    finished: null,
    windows: [{ index: 1 }],
  });
});

test.each(['cancelled', 'failed'] as const)(
  'a run that was %s has that status',
  async (outcome) => {
    const store = openStore();
    const verdict = { valid: false, reasons: ['cancelled' as const] };
    await store.write([finishedEvent({ data: { outcome, verdict } })]);
    expect(await store.listRuns({ limit: 1 })).toMatchObject([{ status: outcome, verdict }]);
    expect(await store.getRun(RUN_ID)).toMatchObject({ status: outcome });
  },
);

const brokenOff = [startedEvent(), windowEvent(0), windowEvent(1), interruptedEvent()];

test.each(permutations(brokenOff).map((events) => [types(events), events] as const))(
  'an interrupted run is one whatever the order: %s',
  async (_, events) => {
    const store = openStore();
    for (const event of events) await store.write([event]);
    expect(await store.listRuns({ limit: 1 })).toMatchObject([
      { status: 'interrupted', windowCount: 2, frames: { processed: 8 }, effectiveFps: null },
    ]);
    expect(await store.getRun(RUN_ID)).toMatchObject({
      status: 'interrupted',
      started: { plannedFrames: 300 },
      windows: [{ index: 0 }, { index: 1 }],
      finished: null,
      interrupted: interruptedEvent().data,
    });
  },
);

test.each(permutations([startedEvent(), interruptedEvent(), finishedEvent()]))(
  'a finished event wins over an interruption, whatever comes first',
  async (...events) => {
    const store = openStore();
    for (const event of events) await store.write([event]);
    expect(await store.listRuns({ limit: 1 })).toMatchObject([
      { status: 'finished', effectiveFps: 33.3, verdict: { valid: true } },
    ]);
    expect(await store.getRun(RUN_ID)).toMatchObject({
      status: 'finished',
      finished: { outcome: 'finished' },
      interrupted: interruptedEvent().data,
    });
  },
);

test('of two events that contradict each other the first one stays, and the second is named', async () => {
  const store = openStore();
  const first = [...runEvents(1), interruptedEvent()];
  await store.write(first);
  const contradicting: readonly MetricEvent[] = [
    startedEvent({ data: { plannedFrames: 7 } }),
    windowEvent(0, { data: { queueDepth: 7 } }),
    finishedEvent({ data: { loadMs: 7 } }),
    interruptedEvent({ data: { windows: 7 } }),
    { ...windowEvent(5), id: startedEvent().id },
  ];
  expect(await store.write([...first, ...contradicting])).toEqual({
    newEvents: 0,
    changedRunIds: [],
    conflictingIds: contradicting.map(({ id }) => id),
  });
  const other = { ...windowEvent(0, { data: { queueDepth: 7 } }), id: `${RUN_ID}/77` };
  expect(await store.write([other])).toMatchObject({ newEvents: 0, conflictingIds: [other.id] });
  expect(await store.getRun(RUN_ID)).toMatchObject({
    started: startedEvent().data,
    windows: [windowEvent(0).data],
    finished: finishedEvent().data,
    interrupted: interruptedEvent().data,
  });
});

test('withheld figures stay null', async () => {
  const store = openStore();
  const event = finishedEvent();
  await store.write([
    {
      ...event,
      data: {
        ...event.data,
        effectiveFps: null,
        latencyMs: { ...event.data.latencyMs, endToEnd: null },
        quality: { ...event.data.quality, detectionRate: null },
      },
    },
  ]);
  expect(await store.listRuns({ limit: 1 })).toMatchObject([
    { effectiveFps: null, latencyP50Ms: null, latencyP90Ms: null, detectionRate: null },
  ]);
});

test('runs are listed newest first whatever zone their device lives in, up to the limit', async () => {
  const store = openStore();
  const older = '2026-11-05T12:30:00.000+02:00';
  const newer = '2026-11-05T11:00:00Z';
  await store.write([startedEvent({ time: older })]);
  await store.write([startedEvent({ runId: OTHER_RUN_ID, time: newer })]);

  expect(await store.listRuns({ limit: 10 })).toMatchObject([
    { runId: OTHER_RUN_ID, startedAt: '2026-11-05T11:00:00.000Z' },
    { runId: RUN_ID, startedAt: '2026-11-05T10:30:00.000Z' },
  ]);
  expect(await store.listRuns({ limit: 1 })).toHaveLength(1);
});

test('an unknown run is null', async () => {
  expect(await openStore().getRun(OTHER_RUN_ID)).toBeNull();
});

test('a batch with an event that cannot be stored leaves nothing behind', async () => {
  const store = openStore();
  const unknown = { ...windowEvent(0), type: 'kinemark.run.paused.v1' } as unknown as MetricEvent;
  await expect(store.write([startedEvent(), unknown])).rejects.toThrow('No rule to store');
  expect(await store.getRun(RUN_ID)).toBeNull();
  expect(await store.write([startedEvent()])).toMatchObject({ newEvents: 1 });
});

test('what is written survives closing and opening again', async () => {
  const path = join(temporaryFolder(), 'store.sqlite');
  const first = openStore(path);
  await first.write(runEvents(2));
  await first.close();

  const second = openStore(path);
  expect(await second.listRuns({ limit: 10 })).toEqual([finishedItem]);
  expect(await second.write(runEvents(2))).toMatchObject({ newEvents: 0 });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

function types(events: readonly MetricEvent[]): string {
  return events.map((event) => event.id.replace(`${RUN_ID}/`, '#')).join(' ');
}
