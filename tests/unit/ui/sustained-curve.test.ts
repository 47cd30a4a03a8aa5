import { describe, expect, it } from 'vitest';
import { nearestPoint, sustainedCurve } from '../../../src/lib/ui/charts/sustained-curve.ts';

const MINUTES = 10;
const spans = Array.from({ length: 6 * MINUTES }, (_, index) => ({
  startMs: index * 10_000,
  frames: 300,
  effectiveFps: 30,
  latencyP50Ms: index < 24 ? 30 : 40,
}));
const run = { spans, changePointsMs: [240_000], firstMinuteMs: 30, plateauMs: 40 };

describe('sustainedCurve', () => {
  it('puts each span at its middle, in minutes', () => {
    const { points, endMin, slowestMs } = sustainedCurve(run);
    expect(points).toHaveLength(60);
    expect(points[0]?.timeMin).toBeCloseTo(5 / 60);
    expect(points.at(-1)).toMatchObject({ latencyMs: 40 });
    expect(endMin).toBeCloseTo(10);
    expect(slowestMs).toBe(40);
  });

  it('has the plateau from the last change on', () => {
    const { levels, changesMin } = sustainedCurve(run);
    expect(changesMin).toEqual([4]);
    expect(levels).toMatchObject([
      { label: 'First minute', latencyMs: 30, fromMin: 0, toMin: 1 },
      { label: 'Plateau', latencyMs: 40, fromMin: 4 },
    ]);
  });

  it('takes the whole run for the plateau when nothing changed', () => {
    expect(sustainedCurve({ ...run, changePointsMs: [] }).levels[1]?.fromMin).toBe(0);
  });

  it('draws nothing of a run without spans', () => {
    expect(sustainedCurve({ ...run, spans: [] })).toMatchObject({ points: [], endMin: 0 });
  });
});

describe('nearestPoint', () => {
  it('finds the point that the pointer is closest to', () => {
    const { points } = sustainedCurve(run);
    expect(nearestPoint(points, 0)).toBe(0);
    expect(nearestPoint(points, 5)).toBe(29);
    expect(nearestPoint(points, 99)).toBe(59);
    expect(nearestPoint([], 1)).toBeNull();
  });
});
