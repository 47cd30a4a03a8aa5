// Where shared memory cannot be waited on, as here in Node; the other way of waiting: tests/browser/timer.test.ts.
import { expect, it } from 'vitest';
import { pageTimer } from '../../../src/lib/benchmark/timer.ts';

const { clock, waitUntil } = pageTimer;
const never = new AbortController().signal;

it('waits until the clock shows the time, never shorter', async () => {
  for (const ms of [0.3, 1, 2.6, 11.4]) {
    const dueMs = clock() + ms;
    await waitUntil(dueMs, never);
    expect(clock()).toBeGreaterThanOrEqual(dueMs);
  }
});

it('does not wait for what is over', async () => {
  let hasTurned = false;
  setTimeout(() => (hasTurned = true));
  await waitUntil(clock() - 1, never);
  expect(hasTurned).toBe(false);
});

it('can be aborted, before and while it waits', async () => {
  const abort = new AbortController();
  const waiting = waitUntil(clock() + 3_600_000, abort.signal);
  abort.abort(new Error('Enough.'));
  await expect(waiting).rejects.toThrow('Enough.');
  await expect(waitUntil(clock() - 1, abort.signal)).rejects.toThrow('Enough.');
});
