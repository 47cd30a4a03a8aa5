import { describe, expect, it } from 'vitest';
import { findChangePoints } from '../../../src/lib/metrics/change-points.ts';
import { plateauOf } from '../../../src/lib/metrics/plateau.ts';
import type { Plateau } from '../../../src/lib/metrics/plateau.ts';
import { simulateLatencies } from './simulated-latencies.ts';

const SPANS_PER_MINUTE = 6;

/** Spans of 10 s of a run whose median latency is 20 ms times `levelAt` the minutes that have passed. */
function spansOf(count: number, levelAt: (minutes: number) => number): number[] {
  return simulateLatencies({ count, correlation: 0.1, seed: 8, variation: 0.02 }, (over) =>
    levelAt((over * (count - 1)) / SPANS_PER_MINUTE),
  );
}

function plateauFrom(spans: readonly number[]): Plateau {
  const plateau = plateauOf(spans, findChangePoints(spans), SPANS_PER_MINUTE);
  if (!plateau) throw new Error('There is no plateau.');
  return plateau;
}

describe('plateauOf', () => {
  it('sees a device throttle in minute 4', () => {
    const { firstLevel, plateauLevel } = plateauFrom(spansOf(60, (min) => (min < 4 ? 1 : 1.5)));
    expect(firstLevel / 20).toBeCloseTo(1, 1);
    expect(plateauLevel / 30).toBeCloseTo(1, 1);
  });

  it('follows a slow decay to where it ends', () => {
    const spans = spansOf(180, (min) => 1 + 0.4 * (1 - Math.exp(-min / 5)));
    const changes = findChangePoints(spans);
    expect(changes.length).toBeGreaterThanOrEqual(2);
    // In half an hour 0.4 is reached but for e^(−6); the first minute has 0.04 on average.
    const { firstLevel, plateauLevel } = plateauFrom(spans);
    expect(plateauLevel / 20).toBeGreaterThan(1.36);
    expect(plateauLevel / firstLevel).toBeGreaterThan(1.3);
    expect(plateauLevel / firstLevel).toBeLessThan(1.38);
  });

  it('is the level of the beginning where nothing happens', () => {
    const { firstLevel, plateauLevel } = plateauFrom(spansOf(60, () => 1));
    expect(plateauLevel / firstLevel).toBeGreaterThan(0.97);
    expect(plateauLevel / firstLevel).toBeLessThan(1.03);
  });

  it('begins at the last change and holds medians of exactly its values', () => {
    expect(plateauOf([1, 2, 3, 8, 9, 5, 7], [3, 5], 3)).toEqual({ firstLevel: 2, plateauLevel: 6 });
    expect(plateauOf([1, 2, 9], [], 2)).toEqual({ firstLevel: 1.5, plateauLevel: 2 });
    expect(plateauOf([], [], 3)).toBeNull();
  });
});
