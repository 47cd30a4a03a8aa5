// The runs of this device, as the dashboard shows them.
import { expect, test } from 'vitest';
import type { StoredRun } from '../../../src/lib/storage/database.ts';
import { describeOwnRun } from '../../../src/lib/ui/device/own-run-delivery.ts';
import { listEntryOf, recordOf } from '../../../src/lib/ui/runs/own-runs.ts';
import { viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import {
  DEVICE_ID,
  RUN_ID,
  STARTED_AT,
  finishedEvent,
  startedEvent,
  windowEvent,
} from '../../fixtures/events.ts';
import { plan } from '../../fixtures/run-plans.ts';

const INTERRUPTED_AT = '2026-11-05T12:00:00.000Z';

const running: StoredRun = {
  runId: RUN_ID,
  startedAt: STARTED_AT,
  plan,
  skeleton: 'blazepose-33',
  started: startedEvent().data,
  summary: null,
  interruptedAt: null,
  nextSequence: 2,
  samplesBytes: 0,
};
const finished: StoredRun = { ...running, summary: finishedEvent().data };
const windows = [windowEvent(0).data];

test('a finished run looks as the server has it', () => {
  const { data } = finishedEvent();
  expect(listEntryOf({ run: finished, windows: [] })).toEqual({
    runId: RUN_ID,
    target: data.target,
    scenario: data.scenario,
    sourceName: data.source.name,
    status: data.outcome,
    startedAt: STARTED_AT,
    frames: data.frames,
    plannedFrames: startedEvent().data.plannedFrames,
    effectiveFps: data.effectiveFps,
    latencyP50Ms: data.latencyMs.endToEnd?.p50,
    latencyP90Ms: data.latencyMs.endToEnd?.p90,
    detectionRate: data.quality.detectionRate,
    verdict: data.verdict,
  });
  const record = recordOf({ run: finished, windows }, DEVICE_ID);
  expect(record).toEqual({
    runId: RUN_ID,
    deviceId: DEVICE_ID,
    status: data.outcome,
    started: startedEvent().data,
    windows,
    finished: data,
    interrupted: null,
  });
  expect(viewRun(record).figures.frames).toEqual(data.frames);
});

test('of a run that goes on, or broke off, its windows tell the frames', () => {
  const [window] = windows;
  expect(listEntryOf({ run: running, windows })).toMatchObject({
    status: 'running',
    frames: window?.frames,
    effectiveFps: null,
    verdict: null,
  });
  const interrupted = { ...running, interruptedAt: INTERRUPTED_AT };
  expect(recordOf({ run: interrupted, windows }, DEVICE_ID)).toMatchObject({
    status: 'interrupted',
    interrupted: { noticedAt: INTERRUPTED_AT, windows: 1 },
  });
});

test("a run's end counts, also when it was taken for interrupted before", () => {
  const both = { ...finished, interruptedAt: INTERRUPTED_AT };
  expect(listEntryOf({ run: both, windows: [] }).status).toBe(finishedEvent().data.outcome);
});

test('a run from before its start was noted is shown by its plan', () => {
  const old = { ...running, started: null };
  expect(listEntryOf({ run: old, windows: [] })).toMatchObject({
    target: plan.target,
    sourceName: plan.source.name,
    plannedFrames: null,
    frames: null,
  });
});

test('whether the server has a run', () => {
  expect(describeOwnRun(finished, 0, 0)).toMatchObject({ delivery: 'Sent', tone: 'quiet' });
  expect(describeOwnRun(finished, 1, 0)).toMatchObject({ delivery: '1 event waits' });
  expect(describeOwnRun(finished, 3, 0)).toMatchObject({ delivery: '3 events wait' });
  expect(describeOwnRun(finished, 3, 2)).toMatchObject({
    delivery: '2 events refused',
    tone: 'doubtful',
  });
});

test('a run whose events were discarded is never called sent', () => {
  const discarded = { ...finished, discardedEvents: 2 };
  expect(describeOwnRun(discarded, 1, 0)).toMatchObject({ delivery: '1 event waits' });
  expect(describeOwnRun(discarded, 0, 0)).toMatchObject({
    delivery: '2 events discarded',
    tone: 'doubtful',
  });
});
