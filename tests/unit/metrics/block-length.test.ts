import { describe, expect, it } from 'vitest';
import { automaticBlockLength } from '../../../src/lib/metrics/block-length.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';

/** An autoregressive series with even noise in [−0.5, 0.5): no function is called that platforms round differently. */
function series(count: number, correlation: number, seed: number): Float64Array {
  const random = createSeededRandom(seed);
  let value = 0;
  return Float64Array.from({ length: count }, () => {
    value = correlation * value + random() - 0.5;
    return value;
  });
}

describe('automaticBlockLength', () => {
  // `circular` of arch.bootstrap.optimal_block_length, arch 8.0.0.
  it.each([
    [300, 0, 1, 2.53428],
    [1000, 0.9, 4, 48.39441],
    [300, 0.9, 5, 24.80282],
    [100, 0.25, 6, 2.35766],
  ])(
    'of %i samples with correlation %f is that of the Python package arch',
    (n, phi, seed, length) => {
      expect(automaticBlockLength(series(n, phi, seed))).toBeCloseTo(length, 4);
    },
  );

  // arch takes the first lag without correlation where the paper takes the last one with it.
  it.each([
    [300, 0.5, 2, 7.94428],
    [1000, 0.5, 3, 14.96181],
    [5000, 0.7, 7, 34.62871],
  ])('of %i samples with correlation %f is near that of arch', (n, phi, seed, length) => {
    const ratio = automaticBlockLength(series(n, phi, seed)) / length;
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });

  it('grows with the cube root of the samples', () => {
    const mean = (count: number): number => {
      const lengths = Array.from({ length: 40 }, (_, seed) =>
        automaticBlockLength(series(count, 0.5, seed)),
      );
      return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    };
    // Theory for φ = 0.5: (2·4² / (4/3·3²))^⅓ · n^⅓, times the variance of the noise, which cancels.
    expect(mean(8000) / Math.cbrt((8 / 3) * 8000)).toBeGreaterThan(0.9);
    expect(mean(8000) / Math.cbrt((8 / 3) * 8000)).toBeLessThan(1.1);
    expect(mean(8000) / mean(1000)).toBeGreaterThan(1.8);
  });

  it('stays within its bounds', () => {
    expect(automaticBlockLength(new Float64Array(100).fill(16.7))).toBeGreaterThanOrEqual(1);
    expect(automaticBlockLength(new Float64Array(100))).toBe(1);
    expect(automaticBlockLength(Float64Array.of(3))).toBe(1);
    const trend = Float64Array.from({ length: 900 }, (_, i) => i);
    expect(automaticBlockLength(trend)).toBeLessThanOrEqual(90);
    expect(automaticBlockLength(trend)).toBeGreaterThan(50);
  });
});
