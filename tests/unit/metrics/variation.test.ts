import { describe, expect, it } from 'vitest';
import { coefficientOfVariation } from '../../../src/lib/metrics/variation.ts';

describe('coefficientOfVariation', () => {
  it('is the standard deviation over the mean', () => {
    // numpy.std([2, 4, 4, 4, 5, 5, 7, 9], ddof=1) / 5
    expect(coefficientOfVariation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(0.4276179871, 9);
    expect(coefficientOfVariation([3, 3, 3])).toBe(0);
  });

  it('has no unit', () => {
    const samples = [12, 15, 11, 19];
    const inSeconds = samples.map((ms) => ms / 1000);
    expect(coefficientOfVariation(inSeconds)).toBeCloseTo(
      coefficientOfVariation(samples) ?? NaN,
      12,
    );
  });

  it('is null where it says nothing', () => {
    expect(coefficientOfVariation([])).toBeNull();
    expect(coefficientOfVariation([5])).toBeNull();
    expect(coefficientOfVariation([0, 0])).toBeNull();
    expect(coefficientOfVariation([-1, 1])).toBeNull();
  });
});
