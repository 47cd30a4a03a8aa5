import { describe, expect, it } from 'vitest';
import { MAX_DRIFT, driftInterval, isDrifting } from '../../../src/lib/metrics/drift.ts';
import { simulateLatencies } from './simulated-latencies.ts';

/** Many times what a simulation needs: a busy machine is no reason to fail. */
const SIMULATION_LIMIT_MS = 300_000;
const SERIES = 500;

type Run = { readonly count: number; readonly variation: number; readonly correlation: number };

/** Runs as short as they are judged, and as noisy as they are steady. */
const runs: readonly Run[] = [
  { count: 300, variation: 0.05, correlation: 0 },
  { count: 300, variation: 0.05, correlation: 0.5 },
  { count: 900, variation: 0.1, correlation: 0 },
  { count: 900, variation: 0.1, correlation: 0.5 },
];

/** The share of simulated runs that drift; `levelAt` as in `simulateLatencies`. */
function shareDrifting(run: Run, levelAt: (fraction: number) => number): number {
  let drifting = 0;
  for (let seed = 1; seed <= SERIES; seed += 1) {
    const drift = driftInterval(simulateLatencies({ ...run, seed }, levelAt), { seed: -2 * seed });
    if (drift && isDrifting(drift)) drifting += 1;
  }
  return drifting / SERIES;
}

describe.each(runs)(
  'in $count frames with variation $variation and correlation $correlation',
  { timeout: SIMULATION_LIMIT_MS },
  (run) => {
    it('noise does not drift', () => {
      expect(shareDrifting(run, () => 1)).toBeLessThanOrEqual(0.01);
    });

    it('a steady slow-down of 30 % does, and so does one to 70 %', () => {
      expect(shareDrifting(run, (over) => 1 + 0.3 * over)).toBeGreaterThanOrEqual(0.99);
      expect(shareDrifting(run, (over) => 1 - 0.3 * over)).toBeGreaterThanOrEqual(0.99);
    });

    it('a step of 20 % does', () => {
      expect(shareDrifting(run, (over) => (over < 0.5 ? 1 : 1.2))).toBeGreaterThanOrEqual(0.99);
    });

    it('content that is 20 % costlier in the middle does not', () => {
      const level = (over: number): number => (over > 0.35 && over < 0.65 ? 1.2 : 1);
      expect(shareDrifting(run, level)).toBeLessThanOrEqual(0.01);
    });
  },
);

describe('driftInterval', () => {
  const process = { count: 900, correlation: 0.25, variation: 0.08, seed: 3 };

  it('is of the change from the first third to the last, without unit', () => {
    const slower = simulateLatencies(process, (over) => (over < 0.5 ? 1 : 1.25));
    const drift = driftInterval(slower, { seed: 1 });
    expect(drift?.estimate).toBeCloseTo(0.25, 1);
    expect(drift?.low).toBeGreaterThan(MAX_DRIFT);
    expect(drift?.high).toBeLessThan(0.4);
    const inSeconds = driftInterval(
      slower.map((ms) => ms / 1000),
      { seed: 1 },
    );
    expect(inSeconds?.estimate).toBeCloseTo(drift?.estimate ?? NaN, 9);
  });

  it('is not moved by hiccups at one end', () => {
    const steady = simulateLatencies(process);
    const hiccups = steady.map((latency, i) => (i > 600 && i % 20 === 0 ? 10 * latency : latency));
    const difference =
      (driftInterval(hiccups, { seed: 1 })?.estimate ?? NaN) -
      (driftInterval(steady, { seed: 1 })?.estimate ?? NaN);
    expect(Math.abs(difference)).toBeLessThan(0.03);
  });

  it('is withheld where samples are too few or not positive', () => {
    expect(driftInterval([], { seed: 1 })).toBeNull();
    expect(driftInterval(simulateLatencies({ ...process, count: 150 }), { seed: 1 })).toBeNull();
    expect(driftInterval(new Array<number>(300).fill(0), { seed: 1 })).toBeNull();
  });
});

describe('isDrifting', () => {
  it('wants the whole interval beyond the margin, on one side', () => {
    const drift = (low: number, high: number) => ({ estimate: low, low, high, confidence: 0.95 });
    expect(isDrifting(drift(0.11, 0.3))).toBe(true);
    expect(isDrifting(drift(-0.3, -0.11))).toBe(true);
    expect(isDrifting(drift(0.09, 0.3))).toBe(false);
    expect(isDrifting(drift(-0.3, 0.3))).toBe(false);
  });
});
