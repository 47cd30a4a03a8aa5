import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coalesce } from '../../../src/lib/ui/runs/coalesce.ts';

const DELAY_MS = 250;

describe('coalesce', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs once for a burst, within the delay of its first request', async () => {
    const action = vi.fn(async () => undefined);
    const { request } = coalesce(action, DELAY_MS);
    for (let i = 0; i < 10; i += 1) {
      request();
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(action).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(50);
    expect(action).toHaveBeenCalledOnce();
  });

  it('runs again, later, for what was asked while it ran', async () => {
    let finish = (): void => undefined;
    const action = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const { request } = coalesce(action, DELAY_MS);
    request();
    await vi.advanceTimersByTimeAsync(DELAY_MS);
    request();
    await vi.advanceTimersByTimeAsync(10 * DELAY_MS);
    expect(action).toHaveBeenCalledOnce();
    finish();
    await vi.advanceTimersByTimeAsync(DELAY_MS);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('drops what has not begun when stopped', async () => {
    const action = vi.fn(async () => undefined);
    const { request, stop } = coalesce(action, DELAY_MS);
    request();
    stop();
    await vi.advanceTimersByTimeAsync(DELAY_MS);
    expect(action).not.toHaveBeenCalled();
  });
});
