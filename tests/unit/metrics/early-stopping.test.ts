import { describe, expect, it } from 'vitest';
import { minSamplesForPercentile } from '../../../src/lib/metrics/early-stopping.ts';

describe('minSamplesForPercentile', () => {
  it("gives MLPerf Inference's published minimums", () => {
    expect(minSamplesForPercentile(0.9)).toBe(64);
    expect(minSamplesForPercentile(0.95)).toBe(130);
    expect(minSamplesForPercentile(0.99)).toBe(662);
  });

  it('refuses what is no percentile', () => {
    expect(() => minSamplesForPercentile(0)).toThrow(RangeError);
    expect(() => minSamplesForPercentile(1)).toThrow(RangeError);
  });
});
