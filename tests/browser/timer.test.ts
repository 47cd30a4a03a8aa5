// The page's timer on an isolated page, where it waits on shared memory.
import { expect, it } from 'vitest';
import { pageTimer } from '../../src/lib/benchmark/timer.ts';

const { clock, waitUntil } = pageTimer;
const never = new AbortController().signal;

it('waits until the clock shows the time, never shorter', async () => {
  expect(crossOriginIsolated).toBe(true);
  for (const ms of [0.3, 1, 2.6, 11.4, 33.3]) {
    const dueMs = clock() + ms;
    await waitUntil(dueMs, never);
    expect(clock()).toBeGreaterThanOrEqual(dueMs);
  }
});

it('lets several wait at once, each for its own time', async () => {
  const order: number[] = [];
  const startMs = clock();
  const wait = async (ms: number): Promise<void> => {
    await waitUntil(startMs + ms, never);
    order.push(ms);
  };
  await Promise.all([wait(150), wait(50), wait(100)]);
  expect(order).toEqual([50, 100, 150]);
});

it('can be aborted, before and while it waits', async () => {
  const abort = new AbortController();
  const waiting = waitUntil(clock() + 3_600_000, abort.signal);
  setTimeout(() => abort.abort(new Error('Enough.')), 20);
  await expect(waiting).rejects.toThrow('Enough.');
  await expect(waitUntil(clock() - 1, abort.signal)).rejects.toThrow('Enough.');
});
