import { describe, expect, it } from 'vitest';
import { findChangePoints } from '../../../src/lib/metrics/change-points.ts';
import { simulateLatencies } from './simulated-latencies.ts';

/** Many times what a simulation needs: a busy machine is no reason to fail. */
const SIMULATION_LIMIT_MS = 300_000;
const SERIES = 500;
const seeds = Array.from({ length: SERIES }, (_, i) => i + 1);

/** 10 and 30 minutes in spans of 10 s, whose medians vary by 3 %. */
const runs = [
  { count: 60, correlation: 0, variation: 0.03 },
  { count: 60, correlation: 0.3, variation: 0.03 },
  { count: 180, correlation: 0, variation: 0.03 },
  { count: 180, correlation: 0.3, variation: 0.03 },
];

describe.each(runs)(
  'in $count spans with correlation $correlation',
  { timeout: SIMULATION_LIMIT_MS },
  (run) => {
    it('noise has no change points in 99 % of series', () => {
      const found = seeds.filter(
        (seed) => findChangePoints(simulateLatencies({ ...run, seed })).length,
      );
      expect(found.length).toBeLessThanOrEqual(0.01 * SERIES);
    });

    it('nor have disturbed spans', () => {
      const found = seeds.filter((seed) => {
        const values = simulateLatencies({ ...run, seed });
        const disturbed = values.map((value, i) => ((i + seed) % 29 < 2 ? 1.8 * value : value));
        return findChangePoints(disturbed).length > 0;
      });
      expect(found.length).toBeLessThanOrEqual(0.01 * SERIES);
    });

    it('a step of 30 % is found once, where it is', () => {
      const at = Math.round(0.4 * run.count);
      const right = seeds.filter((seed) => {
        const values = simulateLatencies({ ...run, seed }, (over) =>
          over * (run.count - 1) < at ? 1 : 1.3,
        );
        const changes = findChangePoints(values);
        return changes.length === 1 && Math.abs((changes[0] ?? NaN) - at) <= 1;
      });
      expect(right.length).toBeGreaterThanOrEqual(0.99 * SERIES);
    });
  },
);

describe('findChangePoints', () => {
  it('finds several changes, up and down', () => {
    const levels = [1, 1.3, 1.1, 1.6];
    const values = simulateLatencies(
      { count: 120, correlation: 0.1, seed: 4, variation: 0.02 },
      (over) => levels[Math.min(3, Math.floor(over * 4))] ?? NaN,
    );
    const changes = findChangePoints(values);
    expect(changes).toHaveLength(3);
    for (const [i, at] of [30, 60, 90].entries()) {
      expect(Math.abs((changes[i] ?? NaN) - at)).toBeLessThanOrEqual(1);
    }
  });

  it('has no unit and no preferred direction', () => {
    const values = simulateLatencies(
      { count: 60, correlation: 0, seed: 5, variation: 0.03 },
      (over) => (over < 0.4 ? 1 : 1.4),
    );
    const changes = findChangePoints(values);
    expect(changes).toHaveLength(1);
    expect(findChangePoints(values.map((value) => 1000 / value))).toEqual(changes);
  });

  it('leaves steps alone that are smaller than anyone cares for', () => {
    const step = (to: number): number[] => Array.from({ length: 60 }, (_, i) => (i < 30 ? 20 : to));
    expect(findChangePoints(step(20.1))).toEqual([]);
    expect(findChangePoints(step(22))).toEqual([30]);
  });

  it('finds nothing in little, and refuses what is no level', () => {
    expect(findChangePoints([])).toEqual([]);
    expect(findChangePoints([1, 1, 1, 1, 9, 9, 9, 9])).toEqual([]);
    expect(() => findChangePoints([1, 0, 1])).toThrow('A level is a positive number, not 0.');
    expect(() => findChangePoints([1, NaN])).toThrow(RangeError);
  });
});
