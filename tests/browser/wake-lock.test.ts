import { expect, it, onTestFinished, vi } from 'vitest';
import { holdWakeLock } from '../../src/lib/ui/wake-lock.ts';

/** The browser's own locks, as they are given out. */
function watchLocks() {
  const request = vi.spyOn(navigator.wakeLock, 'request');
  onTestFinished(() => request.mockRestore());
  return {
    count: () => request.mock.calls.length,
    last: async (): Promise<WakeLockSentinel> => {
      const sentinel = (await request.mock.results.at(-1)?.value) as WakeLockSentinel | undefined;
      if (!sentinel) throw new Error('The browser gave no lock.');
      return sentinel;
    },
  };
}

/** Tells the page that it went to the back, or came to the front, as a browser does. */
function show(visibilityState: DocumentVisibilityState): void {
  Object.defineProperty(document, 'visibilityState', {
    value: visibilityState,
    configurable: true,
  });
  onTestFinished(() => {
    delete (document as { visibilityState?: unknown }).visibilityState;
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

it('keeps the screen on until it is released', async () => {
  const locks = watchLocks();
  const held = await holdWakeLock();
  expect(held.isHeld()).toBe(true);
  const sentinel = await locks.last();
  await held.release();
  expect(held.isHeld()).toBe(false);
  expect(sentinel.released).toBe(true);
});

it('asks again when the page comes back, and no more once it was released', async () => {
  const locks = watchLocks();
  const held = await holdWakeLock();
  // What a browser does with the lock of a page that it hides.
  await (await locks.last()).release();
  show('hidden');
  expect(held.isHeld()).toBe(false);
  expect(locks.count()).toBe(1);
  show('visible');
  await vi.waitUntil(held.isHeld);
  expect(locks.count()).toBe(2);
  await held.release();
  show('hidden');
  show('visible');
  expect(locks.count()).toBe(2);
});

it('says that it holds nothing where the browser refuses', async () => {
  const refusal = vi
    .spyOn(navigator.wakeLock, 'request')
    .mockRejectedValue(new DOMException('The battery is low.', 'NotAllowedError'));
  onTestFinished(() => refusal.mockRestore());
  const held = await holdWakeLock();
  expect(held.isHeld()).toBe(false);
  await held.release();
});
