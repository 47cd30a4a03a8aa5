import { describe, expect, it } from 'vitest';
import {
  SKETCH_RELATIVE_ERROR,
  mergeSketches,
  sketchOf,
  sketchQuantile,
} from '../../../src/lib/metrics/latency-sketch.ts';
import type { LatencySketch } from '../../../src/lib/metrics/latency-sketch.ts';

/** Durations from 20 µs to 20 s, spread over the orders of magnitude; the same every time. */
const durationsMs = Array.from(
  { length: 2000 },
  (_, i) => 0.02 * 10 ** (((i * 7919) % 6000) / 1000),
);

function sketch(values: readonly number[]): LatencySketch {
  const made = sketchOf(values);
  if (!made) throw new Error('There is nothing to sketch.');
  return made;
}

describe('a latency sketch', () => {
  it('gives every quantile within its relative error', () => {
    const sorted = [...durationsMs].sort((a, b) => a - b);
    for (let percent = 0; percent <= 100; percent += 1) {
      const exact = sorted[Math.floor((percent / 100) * (sorted.length - 1))] as number;
      const read = sketchQuantile(sketch(durationsMs), percent / 100);
      expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(SKETCH_RELATIVE_ERROR + 1e-9);
    }
  });

  it('merged is the sketch of the merged data', () => {
    const merged = mergeSketches([
      sketch(durationsMs.slice(0, 300)),
      sketch(durationsMs.slice(300)),
    ]);
    const whole = sketch(durationsMs);
    expect(merged).toEqual({ ...whole, sumMs: expect.closeTo(whole.sumMs, 6) as number });
  });

  it('counts durations of zero, which have no logarithm', () => {
    const zeros = sketch([0, 0, 0, 5]);
    expect(zeros.zeroCount).toBe(3);
    expect(sketchQuantile(zeros, 0.5)).toBe(0);
    expect(sketchQuantile(zeros, 1)).toBe(5);
  });

  it('survives JSON', () => {
    const made = sketch(durationsMs);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });

  it('is null of nothing and refuses what is no duration', () => {
    expect(sketchOf([])).toBeNull();
    expect(mergeSketches([])).toBeNull();
    expect(() => sketchOf([-1])).toThrow(RangeError);
    expect(() => sketchOf([NaN])).toThrow(RangeError);
  });

  it('does not merge with one of another error', () => {
    expect(() => mergeSketches([{ ...sketch([1]), relativeError: 0.02 }])).toThrow('do not merge');
  });
});
