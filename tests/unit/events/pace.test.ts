import { describe, expect, it } from 'vitest';
import { MIN_BATCH_BYTES, createPace } from '../../../src/lib/events/pace.ts';
import { MAX_BATCH_BYTES } from '../../../src/lib/events/parse-batch.ts';

const backOff = { firstMs: 500, longestMs: 60_000 };

describe('the pace', () => {
  it('waits up to twice as long after each failure, up to the longest', () => {
    const pace = createPace(backOff, () => 0.5);
    const waits = Array.from({ length: 10 }, () => pace.fail(false));
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('has full jitter: anything between nothing and what is due', () => {
    const draws = [0, 0.25, 0.999];
    const pace = createPace(backOff, () => draws.shift() ?? 0);
    expect([pace.fail(false), pace.fail(false), pace.fail(false)]).toEqual([0, 250, 1998]);
  });

  it('is due the longest at once for what rarely changes soon', () => {
    expect(createPace(backOff, () => 0.5).fail(true)).toBe(30_000);
  });

  it('never overflows, however often it fails', () => {
    const pace = createPace(backOff, () => 0.5);
    for (let failure = 0; failure < 5000; failure += 1) pace.fail(false);
    expect(pace.fail(false)).toBe(30_000);
  });

  it('begins anew after a success, or when told to', () => {
    const pace = createPace(backOff, () => 0.5);
    pace.fail(false);
    pace.fail(false);
    pace.succeed();
    expect(pace.fail(false)).toBe(250);
    pace.fail(false);
    pace.forget();
    expect(pace.fail(false)).toBe(250);
  });

  it('sends one small batch after failures and recovers step by step', () => {
    const pace = createPace(backOff, () => 0);
    const seen = () => [pace.maxBatches, pace.maxBytes];
    expect(seen()).toEqual([5, MAX_BATCH_BYTES]);
    pace.fail(false);
    expect(seen()).toEqual([1, MAX_BATCH_BYTES / 2]);
    for (let failure = 0; failure < 9; failure += 1) pace.fail(false);
    expect(seen()).toEqual([1, MIN_BATCH_BYTES]);
    pace.succeed();
    expect(seen()).toEqual([2, MIN_BATCH_BYTES * 2]);
    for (let success = 0; success < 9; success += 1) pace.succeed();
    expect(seen()).toEqual([5, MAX_BATCH_BYTES]);
  });
});
