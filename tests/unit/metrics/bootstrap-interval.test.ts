import { describe, expect, it } from 'vitest';
import {
  MIN_INTERVAL_SAMPLES,
  bootstrapInterval,
} from '../../../src/lib/metrics/bootstrap-interval.ts';
import type { Interval, Statistic } from '../../../src/lib/metrics/bootstrap-interval.ts';
import { simulateAr1 } from './simulated-latencies.ts';

/** Many times what a simulation needs: a busy machine is no reason to fail. */
const SIMULATION_LIMIT_MS = 300_000;

const STANDARD_NORMAL_P90 = 1.2815515655446004;
const truths: readonly (readonly [Statistic, number])[] = [
  ['mean', 0],
  [0.5, 0],
  [0.9, STANDARD_NORMAL_P90],
];

function intervalOf(samples: readonly number[], statistic: Statistic, seed = 1): Interval {
  const interval = bootstrapInterval(samples, statistic, { seed });
  if (!interval) throw new Error('There is no interval.');
  return interval;
}

describe('a bootstrap interval', () => {
  // Withheld intervals count as misses.
  describe.each([
    [300, 2000],
    [1000, 1000],
  ])('of %i samples, in %i series', (count, seriesCount) => {
    it.each([0, 0.25, 0.5])(
      'covers the true mean, median and p90 in 93 to 97 % when neighbours correlate by %f',
      (correlation) => {
        for (const [statistic, truth] of truths) {
          let covered = 0;
          for (let seed = 1; seed <= seriesCount; seed += 1) {
            const samples = simulateAr1({ count, correlation, seed });
            const interval = bootstrapInterval(samples, statistic, { seed: -seed });
            if (interval && interval.low <= truth && truth <= interval.high) covered += 1;
          }
          const percent = (100 * covered) / seriesCount;
          expect(percent, `coverage of ${statistic}`).toBeGreaterThanOrEqual(93);
          expect(percent, `coverage of ${statistic}`).toBeLessThanOrEqual(97);
        }
      },
      SIMULATION_LIMIT_MS,
    );
  });

  it('is wider by what the memory of a series takes from it', () => {
    const widthOf = (correlation: number, statistic: Statistic): number => {
      const interval = intervalOf(simulateAr1({ count: 20_000, correlation, seed: 5 }), statistic);
      return interval.high - interval.low;
    };
    // Twice 1.96 standard errors: 1 / √n for the mean, √(π/2) times as much for the median.
    expect(widthOf(0, 'mean') / (3.92 / Math.sqrt(20_000))).toBeCloseTo(1, 0);
    expect(widthOf(0, 0.5) / (3.92 * Math.sqrt(Math.PI / 2 / 20_000))).toBeCloseTo(1, 0);
    // √((1 + φ) / (1 − φ)) for the mean.
    expect(widthOf(0.5, 'mean') / widthOf(0, 'mean')).toBeGreaterThan(1.55);
    expect(widthOf(0.5, 'mean') / widthOf(0, 'mean')).toBeLessThan(1.95);
  });

  it('is the same for the same seed and nearly so for another', () => {
    const samples = simulateAr1({ count: 300, correlation: 0.3, seed: 2 });
    for (const [statistic] of truths) {
      const interval = intervalOf(samples, statistic);
      expect(intervalOf(samples, statistic)).toEqual(interval);
      const other = intervalOf(samples, statistic, 2);
      expect(other.estimate).toBe(interval.estimate);
      const ratio = (other.high - other.low) / (interval.high - interval.low);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
    expect(intervalOf(samples, 'mean', 2)).not.toEqual(intervalOf(samples, 'mean'));
  });

  it('encloses its estimate, and the more the surer it is', () => {
    const samples = simulateAr1({ count: 400, correlation: 0.2, seed: 3 });
    const sure = bootstrapInterval(samples, 0.5, { seed: 1, confidence: 0.999 });
    const { low, estimate, high, confidence } = intervalOf(samples, 0.5);
    expect(confidence).toBe(0.95);
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
    expect(sure?.low).toBeLessThan(low);
    expect(sure?.high).toBeGreaterThan(high);
  });

  it('leans where the samples lean: a skewed distribution has a longer upper side', () => {
    const samples = simulateAr1({ count: 1000, correlation: 0, seed: 4 }).map((x) => Math.exp(x));
    const { low, estimate, high } = intervalOf(samples, 0.9);
    expect(high - estimate).toBeGreaterThan(1.1 * (estimate - low));
  });

  it('does not become too narrow where a coarse clock makes samples equal', () => {
    // 9 ms or 10 ms, each in about half of the frames: nobody knows which of them is the median.
    const coarse = simulateAr1({ count: 400, correlation: 0, seed: 6 }).map((x) =>
      x < 0.05 ? 9 : 10,
    );
    expect(intervalOf(coarse, 0.5)).toMatchObject({ low: 9, high: 10 });
    const clear = simulateAr1({ count: 400, correlation: 0, seed: 6 }).map((x) =>
      x < 1.5 ? 9 : 10,
    );
    expect(intervalOf(clear, 0.5)).toMatchObject({ low: 9, estimate: 9, high: 9 });
  });

  it('of samples that do not vary has no width', () => {
    const constant = new Array<number>(100).fill(16.7);
    for (const [statistic] of truths) {
      const { low, high } = intervalOf(constant, statistic);
      expect(low).toBeCloseTo(16.7, 9);
      expect(high).toBeCloseTo(16.7, 9);
    }
  });

  it('is withheld where samples are too few, at all or for a quantile far out', () => {
    const samples = simulateAr1({ count: 400, correlation: 0, seed: 7 });
    const few = samples.slice(0, MIN_INTERVAL_SAMPLES - 1);
    expect(bootstrapInterval(few, 'mean', { seed: 1 })).toBeNull();
    expect(bootstrapInterval([], 0.5, { seed: 1 })).toBeNull();
    expect(
      bootstrapInterval(samples.slice(0, MIN_INTERVAL_SAMPLES), 'mean', { seed: 1 }),
    ).not.toBeNull();
    expect(bootstrapInterval(samples, 0.999, { seed: 1 })).toBeNull();
    expect(bootstrapInterval(samples, 0.95, { seed: 1 })).not.toBeNull();
  });

  it('refuses what is no statistic, no confidence or no number', () => {
    const samples = simulateAr1({ count: 100, correlation: 0, seed: 8 });
    expect(() => bootstrapInterval(samples, 1, { seed: 1 })).toThrow(RangeError);
    expect(() => bootstrapInterval(samples, 0, { seed: 1 })).toThrow(RangeError);
    expect(() => bootstrapInterval(samples, 0.5, { seed: 1, confidence: 95 })).toThrow(RangeError);
    expect(() => bootstrapInterval([...samples, NaN], 'mean', { seed: 1 })).toThrow('not a finite');
  });
});
