import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../../src/lib/metrics/bootstrap-interval.ts';
import type { Interval } from '../../../src/lib/metrics/bootstrap-interval.ts';
import {
  compareDurations,
  comparePairedDurations,
  concludeFrom,
  ratioInterval,
} from '../../../src/lib/metrics/difference.ts';
import type { Conclusion, Difference } from '../../../src/lib/metrics/difference.ts';
import { simulateLatencies } from './simulated-latencies.ts';

/** Many times what a simulation needs: a busy machine is no reason to fail. */
const SIMULATION_LIMIT_MS = 300_000;

type Pair = { readonly count: number; readonly correlation: number; readonly factor: number };

/** Two runs of one process, the second `factor` times as slow, with 10 % of variation. */
function simulatePair({ count, correlation, factor }: Pair, seed: number): [number[], number[]] {
  const simulate = (own: number, level: number): number[] =>
    simulateLatencies({ count, correlation, seed: own, variation: 0.1 }, () => level);
  return [simulate(2 * seed, 1), simulate(2 * seed + 1, factor)];
}

function compareMany(pair: Pair, comparisons: number): Difference[] {
  return Array.from({ length: comparisons }, (_, seed) =>
    compareDurations(...simulatePair(pair, seed + 1), { seed: -2 * seed }),
  );
}

const count = (differences: readonly Difference[], conclusion: Conclusion): number =>
  differences.filter((difference) => difference.conclusion === conclusion).length;

function ratio(low: number, high: number): Interval {
  return { estimate: Math.sqrt(low * high), low, high, confidence: 0.999 };
}

describe('compareDurations', () => {
  it.each([0, 0.25, 0.5])(
    'calls at most 2 of 200 runs different from themselves when neighbours correlate by %f',
    (correlation) => {
      const same = compareMany({ count: 300, correlation, factor: 1 }, 200);
      // Whatever the margin: no interval may exclude 1 either.
      const excluding = same.filter(({ ratio: r }) => !r || r.low > 1 || r.high < 1);
      expect(excluding.length).toBeLessThanOrEqual(2);
      expect(count(same, 'faster') + count(same, 'slower')).toBeLessThanOrEqual(2);
    },
    SIMULATION_LIMIT_MS,
  );

  it(
    'finds 10 % in 1,000 samples, in the right direction',
    () => {
      const pair = { count: 1000, correlation: 0.5, factor: 1.1 };
      expect(count(compareMany(pair, 25), 'slower')).toBe(25);
      expect(count(compareMany({ ...pair, factor: 1 / 1.1 }, 25), 'faster')).toBe(25);
    },
    SIMULATION_LIMIT_MS,
  );

  it(
    'says that half a percent is no difference when samples are many, and nothing when they are few',
    () => {
      const many = { count: 3000, correlation: 0.25, factor: 1.005 };
      expect(count(compareMany(many, 20), 'no-difference')).toBe(20);
      const few = { count: 100, correlation: 0.5, factor: 1.005 };
      expect(count(compareMany(few, 20), 'inconclusive')).toBe(20);
    },
    SIMULATION_LIMIT_MS,
  );

  it('has no ratio of too few samples, and concludes nothing', () => {
    const [first, second] = simulatePair({ count: 300, correlation: 0, factor: 5 }, 1);
    const few = compareDurations(first, second.slice(0, 20), { seed: 1 });
    expect(few).toEqual({ ratio: null, conclusion: 'inconclusive' });
  });

  it('compares other figures with other margins too', () => {
    const pair = simulatePair({ count: 1000, correlation: 0, factor: 1.1 }, 3);
    for (const statistic of ['mean', 0.9] as const) {
      const difference = compareDurations(...pair, { seed: 1, statistic });
      expect(difference.conclusion).toBe('slower');
      expect(difference.ratio?.estimate).toBeCloseTo(1.1, 1);
    }
    const lax = compareDurations(...pair, { seed: 1, margin: 1.3, confidence: 0.95 });
    expect(lax).toMatchObject({ conclusion: 'no-difference', ratio: { confidence: 0.95 } });
  });
});

describe('comparePairedDurations', () => {
  /** Two runs of the same frames, which differ in cost by a factor of 2 and in long stretches. */
  function sameFrames({ count: frames, correlation, factor }: Pair, seed: number) {
    const [first, second] = simulatePair({ count: frames, correlation, factor }, seed);
    const costly = (_: number, i: number): number => (Math.floor(i / 60) % 2 === 0 ? 1 : 2);
    const costs = first.map(costly);
    return [first, second].map((run) => run.map((value, i) => value * (costs[i] ?? NaN))) as [
      number[],
      number[],
    ];
  }

  it.each([0, 0.25, 0.5])(
    'calls at most 2 of 200 runs different from themselves when neighbours correlate by %f',
    (correlation) => {
      const same = Array.from({ length: 200 }, (_, seed) =>
        comparePairedDurations(...sameFrames({ count: 300, correlation, factor: 1 }, seed + 1), {
          seed: -2 * seed,
        }),
      );
      const excluding = same.filter(({ ratio: r }) => !r || r.low > 1 || r.high < 1);
      expect(excluding.length).toBeLessThanOrEqual(2);
    },
    SIMULATION_LIMIT_MS,
  );

  it('sees through what the frames themselves cost, which hides a difference from whole runs', () => {
    const pair = sameFrames({ count: 600, correlation: 0.25, factor: 1.12 }, 5);
    expect(compareDurations(...pair, { seed: 1 }).conclusion).toBe('inconclusive');
    const paired = comparePairedDurations(...pair, { seed: 1 });
    expect(paired.conclusion).toBe('slower');
    expect(paired.ratio?.estimate).toBeCloseTo(1.12, 1);
  });

  it('has no ratio of too few pairs', () => {
    const [first, second] = sameFrames({ count: 100, correlation: 0, factor: 1 }, 1);
    expect(comparePairedDurations(first, second.slice(0, 20), { seed: 1 }).ratio).toBeNull();
  });
});

describe('concludeFrom', () => {
  it.each([
    [0.8, 0.9, 'faster'],
    [0.9, 0.99, 'faster'],
    [1.01, 1.2, 'slower'],
    [0.97, 1.04, 'no-difference'],
    // Certain, and of no consequence.
    [1.01, 1.04, 'no-difference'],
    [0.97, 0.99, 'no-difference'],
    [0.94, 1.04, 'inconclusive'],
    [0.97, 1.06, 'inconclusive'],
  ])('calls %f to %f %s', (low, high, conclusion) => {
    expect(concludeFrom(ratio(low, high))).toBe(conclusion);
  });

  it('mirrors when the runs change places', () => {
    const mirrored = { faster: 'slower', slower: 'faster' } as const;
    for (const [low, high] of [
      [0.8, 0.9],
      [0.953, 1.049],
      [0.951, 1.02],
      [1.01, 1.2],
    ] as const) {
      const there = concludeFrom(ratio(low, high));
      const back = concludeFrom(ratio(1 / high, 1 / low));
      expect(back).toBe(there === 'faster' || there === 'slower' ? mirrored[there] : there);
    }
  });
});

describe('ratioInterval', () => {
  it('adds both errors as logarithms', () => {
    const [first, second] = simulatePair({ count: 300, correlation: 0.25, factor: 2 }, 9);
    const options = { statistic: 'mean', confidence: 0.95 } as const;
    const a = bootstrapInterval(first, 'mean', { seed: 4 });
    const b = bootstrapInterval(second, 'mean', { seed: 5 });
    const r = ratioInterval(first, second, { seed: 4, ...options });
    if (!a || !b || !r) throw new Error('An interval is missing.');
    expect(r.estimate).toBeCloseTo(b.estimate / a.estimate, 12);
    const up = Math.log(b.high / b.estimate) ** 2 + Math.log(a.estimate / a.low) ** 2;
    expect(Math.log(r.high / r.estimate) ** 2).toBeCloseTo(up, 12);
    const down = Math.log(b.estimate / b.low) ** 2 + Math.log(a.high / a.estimate) ** 2;
    expect(Math.log(r.estimate / r.low) ** 2).toBeCloseTo(down, 12);
  });

  it('is withheld where a figure may be 0', () => {
    const around0 = simulateLatencies({ count: 300, correlation: 0, seed: 1, variation: 0.1 }).map(
      (latency) => latency - 20,
    );
    const options = { seed: 1, statistic: 0.5, confidence: 0.95 };
    const positive = around0.map((value) => value + 20);
    expect(ratioInterval(around0, positive, options)).toBeNull();
    expect(ratioInterval(positive, around0, options)).toBeNull();
  });
});
