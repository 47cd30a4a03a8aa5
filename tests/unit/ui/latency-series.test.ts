import { describe, expect, it } from 'vitest';
import { latencyCeilingMs } from '../../../src/lib/ui/charts/latency-ceiling.ts';
import { latencySeries } from '../../../src/lib/ui/charts/latency-series.ts';
import type { LatencyWindow } from '../../../src/lib/ui/charts/latency-series.ts';

const inTurn = (windows: readonly LatencyWindow[]) => latencySeries(windows, true);

describe('latencySeries', () => {
  it('is empty without windows', () => {
    expect(inTurn([])).toEqual({
      timesS: [],
      latenciesMs: [],
      boundariesS: [],
      missing: [],
      endS: 0,
      slowestMs: 0,
      ceilingMs: 0,
    });
  });

  it("stretches a window's latencies to its wall duration", () => {
    const series = inTurn([
      { index: 0, startMs: 0, wallDurationMs: 200, latenciesMs: [20, 30, 50] },
      { index: 1, startMs: 200, wallDurationMs: 100, latenciesMs: [50, 50] },
    ]);
    expect(series.timesS).toEqual([0.04, 0.1, 0.2, 0.25, 0.3]);
    expect(series.latenciesMs).toEqual([20, 30, 50, 50, 50]);
    expect(series.boundariesS).toEqual([0.2]);
    expect(series.endS).toBeCloseTo(0.3);
    expect(series.slowestMs).toBe(50);
    expect(series.missing).toEqual([]);
  });

  it('spreads frames evenly over their window where they overlap or wait', () => {
    const window = { index: 0, startMs: 100, wallDurationMs: 200, latenciesMs: [90, 10, 50, 50] };
    expect(latencySeries([window], false).timesS).toEqual([0.15, 0.2, 0.25, 0.3]);
  });

  it('tells which spans have not arrived', () => {
    const series = inTurn([
      { index: 1, startMs: 3000, wallDurationMs: 3000, latenciesMs: [30] },
      { index: 4, startMs: 12_000, wallDurationMs: 3000, latenciesMs: [30] },
    ]);
    expect(series.missing).toEqual([
      { fromS: 0, toS: 3 },
      { fromS: 6, toS: 12 },
    ]);
  });

  it('stays finite for latencies of zero', () => {
    const series = inTurn([{ index: 0, startMs: 0, wallDurationMs: 5, latenciesMs: [0, 0] }]);
    expect(series.timesS).toEqual([0, 0]);
  });
});

describe('latencyCeilingMs', () => {
  it('is the maximum of a steady run', () => {
    expect(latencyCeilingMs([20, 22, 24, 26, 28, 45])).toBe(45);
  });

  it('leaves a stalled frame out of the scale', () => {
    const steady = Array.from({ length: 100 }, (_, index) => 24 + index / 25);
    expect(latencyCeilingMs([...steady, 700])).toBeLessThan(60);
  });

  it('leaves room for twice the median when nearly all are equal', () => {
    expect(latencyCeilingMs([...new Array<number>(30).fill(10), 100])).toBe(20);
  });

  it('never leaves a second group of frames out', () => {
    const slow = new Array<number>(15).fill(300);
    expect(latencyCeilingMs([...new Array<number>(85).fill(20), ...slow])).toBe(300);
  });
});
