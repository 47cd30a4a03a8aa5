import { describe, expect, it } from 'vitest';
import { medianInterval } from '../../../src/lib/metrics/median-interval.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('medianInterval', () => {
  // The table in Conover, Practical Nonparametric Statistics (1999), A3: binomial, p = 1/2.
  it.each([
    [6, 1, 6, 0.9688],
    [9, 2, 8, 0.9609],
    [24, 7, 18, 0.9773],
    [30, 10, 21, 0.9572],
  ])('of %i values lies between the %ith and the %ith', (count, low, high, confidence) => {
    const interval = medianInterval(upTo(count).reverse(), 0.95);
    expect(interval).toMatchObject({ low, high, middle: (count + 1) / 2 });
    expect(interval.confidence).toBeCloseTo(confidence, 4);
  });

  it('refuses values that are too few', () => {
    expect(() => medianInterval(upTo(5), 0.95)).toThrow('5 values are too few');
    expect(() => medianInterval([], 0.95)).toThrow(RangeError);
  });
});
