import { describe, expect, it } from 'vitest';
import { quantile, sortedSamples } from '../../../src/lib/metrics/quantile.ts';

describe('quantile', () => {
  it('interpolates between order statistics like R and NumPy', () => {
    const sorted = sortedSamples([4, 1, 3, 2]);
    // numpy.quantile([1, 2, 3, 4], [0, .25, .5, .9, 1])
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile(sorted, q))).toEqual([1, 1.75, 2.5, 3.7, 4]);
  });

  it('sorts by value, not as text', () => {
    expect([...sortedSamples([10, 9, 100])]).toEqual([9, 10, 100]);
  });

  it('knows nothing of no samples', () => {
    expect(quantile(sortedSamples([]), 0.5)).toBeNull();
  });

  it('refuses what is no quantile or no number', () => {
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
    expect(() => quantile([1], NaN)).toThrow(RangeError);
    expect(() => sortedSamples([1, NaN])).toThrow('not a finite number');
    expect(() => sortedSamples([Infinity])).toThrow('not a finite number');
  });
});
