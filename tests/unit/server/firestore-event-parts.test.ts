// How a batch is cut for transactions: nothing is lost, runs keep their order, and no part is too large.
import { expect, test } from 'vitest';
import { cutByRun } from '../../../server/store/firestore/event-parts.server.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { OTHER_RUN_ID, RUN_ID, runEvents, windowEvent } from '../../fixtures/events.ts';

const jsonBytes = (events: readonly MetricEvent[]) =>
  events.reduce((sum, { data }) => sum + Buffer.byteLength(JSON.stringify(data)), 0);

test('runs are told apart, and each keeps its order and its places in the batch', () => {
  const own = runEvents(2);
  const other = runEvents(2, { runId: OTHER_RUN_ID });
  const batch = own.flatMap((event, index) => [event, ...other.slice(index, index + 1)]);
  const runs = cutByRun(batch);
  expect(runs.map((parts) => parts.flatMap(({ events }) => events))).toEqual([own, other]);
  for (const { events, positions } of runs.flat()) {
    expect(positions.map((position) => batch[position])).toEqual(events);
  }
});

test('a part holds as many bytes as fit, counted as UTF-8, and one event at least', () => {
  const wide = Array.from({ length: 6 }, (_, index) => ({
    ...windowEvent(index),
    data: { ...windowEvent(index).data, note: '…'.repeat(1000) },
  })) as MetricEvent[];
  const one = jsonBytes(wide.slice(-1)); // The largest: its start has the most digits.
  expect(one).toBeGreaterThan(3000);
  const [parts = []] = cutByRun(wide, 2 * one);
  expect(parts.map(({ events }) => events.length)).toEqual([2, 2, 2]);
  const [alone = []] = cutByRun(wide, 3000);
  expect(alone.map(({ events }) => events.length)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(alone.flatMap(({ positions }) => positions)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a part holds 500 events at most', () => {
  const windows = Array.from({ length: 1201 }, (_, index) => windowEvent(index));
  const [parts = []] = cutByRun(windows, Infinity);
  expect(parts.map(({ events }) => events.length)).toEqual([500, 500, 201]);
  expect(parts[0]?.events[0].subject).toBe(RUN_ID);
});

test('of no events there are no parts', () => {
  expect(cutByRun([])).toEqual([]);
});
