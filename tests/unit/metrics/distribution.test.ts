import { describe, expect, it } from 'vitest';
import { summariseConfidences, summariseLatencies } from '../../../src/lib/metrics/distribution.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('summariseLatencies', () => {
  it('gives all figures of enough samples', () => {
    expect(summariseLatencies(upTo(1001))).toEqual({
      count: 1001,
      mean: 501,
      min: 1,
      max: 1001,
      p50: 501,
      p90: 901,
      p95: 951,
      p99: expect.closeTo(991, 9) as number,
    });
  });

  it.each([
    [63, { p90: null, p95: null, p99: null }],
    [64, { p90: 57.7, p95: null, p99: null }],
    [661, { p90: 595, p95: 628, p99: null }],
  ])('withholds the percentiles that %i samples do not carry', (count, expected) => {
    expect(summariseLatencies(upTo(count))).toMatchObject(expected);
  });

  it('is null without samples', () => {
    expect(summariseLatencies([])).toBeNull();
  });
});

describe('summariseConfidences', () => {
  it('describes what there is', () => {
    expect(summariseConfidences([0.5])).toEqual({ p10: 0.5, p50: 0.5, p90: 0.5 });
    expect(summariseConfidences([])).toEqual({ p10: null, p50: null, p90: null });
  });
});
