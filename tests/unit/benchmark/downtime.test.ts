import { expect, it } from 'vitest';
import { createDowntime } from '../../../src/lib/benchmark/downtime.ts';

const frame = { dueMs: 90.1, readyMs: 100.3, sentMs: 120.2 };

it('leaves frames as they are while there is none', () => {
  const downtime = createDowntime();
  expect(downtime.leaveOut(frame)).toBe(frame);
  downtime.add(10, 60);
  expect(downtime.leaveOut(frame)).toBe(frame);
});

it('takes the whole span out of the wait of a frame that was there before it', () => {
  const downtime = createDowntime();
  downtime.add(110, 610);
  const shifted = downtime.leaveOut({ ...frame, sentMs: 615 });
  expect(shifted.sentMs).toBe(615);
  expect(shifted.readyMs).toBeCloseTo(600.3, 9);
  expect(shifted.readyMs - shifted.dueMs).toBeCloseTo(10.2, 9);
});

it('lets a frame that came in the middle of a span have come at its end', () => {
  const downtime = createDowntime();
  downtime.add(95, 610);
  const shifted = downtime.leaveOut(frame);
  expect(shifted.readyMs).toBe(610);
  // It was sent to an engine that was not there yet, and waited there.
  expect(shifted.sentMs).toBe(610);
});

it('takes out each of several spans, and frames that were lost together but once', () => {
  const downtime = createDowntime();
  downtime.add(110, 610);
  downtime.add(105, 612);
  downtime.add(700, 800);
  // 105 to 612 and 700 to 800.
  expect(downtime.leaveOut(frame).readyMs).toBeCloseTo(100.3 + 507 + 100, 9);
});
