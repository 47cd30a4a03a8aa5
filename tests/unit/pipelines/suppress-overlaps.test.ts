import { describe, expect, it } from 'vitest';
import { suppressOverlaps } from '../../../src/lib/pipelines/suppress-overlaps.ts';

function box(left: number, top: number, right: number, bottom: number, score = 1) {
  return { left, top, right, bottom, score };
}

describe('suppressOverlaps', () => {
  const best = box(0, 0, 10, 10, 0.9);
  const almostBest = box(1, 0, 11, 10, 0.8);
  const elsewhere = box(20, 0, 30, 10, 0.3);

  it('keeps the best of those that overlap, in order of score', () => {
    expect(suppressOverlaps([elsewhere, almostBest, best], 0.7, 10)).toEqual([best, elsewhere]);
  });

  it('keeps both where they overlap by no more than the limit', () => {
    // 9 × 10 of 11 × 10.
    expect(suppressOverlaps([best, almostBest], 9 / 11, 10)).toHaveLength(2);
    expect(suppressOverlaps([best, almostBest], 9 / 11 - 1e-9, 10)).toHaveLength(1);
  });

  it('does not let a box that was dropped drop others', () => {
    const chained = box(6, 0, 16, 10, 0.7);
    // The second overlaps the third by a third, the first overlaps the third by a quarter.
    expect(suppressOverlaps([best, almostBest, chained], 0.3, 10)).toEqual([best, chained]);
  });

  it('stops at the limit', () => {
    expect(suppressOverlaps([elsewhere, best], 0.7, 1)).toEqual([best]);
  });
});
