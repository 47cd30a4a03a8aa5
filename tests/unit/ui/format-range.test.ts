import { describe, expect, it } from 'vitest';
import { formatChange, formatRange } from '../../../src/lib/ui/runs/format-range.ts';

describe('formatRange', () => {
  it.each([
    [27.81, 28.94, '27.8–28.9'],
    [33.31, 33.34, '33.31–33.34'],
    [30, 30, '30.0–30.0'],
    [-2, 4, '−2.00 to +4.00'],
    [-3, 0, '−3.00 to 0'],
  ])('writes %d to %d as %s', (low, high, words) => {
    expect(formatRange({ low, high })).toBe(words);
  });
});

describe('formatChange', () => {
  it('gives a change its sign', () => {
    expect(formatChange(1.5)).toBe('+1.50');
    expect(formatChange(-12_345)).toBe('−12,345');
    expect(formatChange(0)).toBe('0');
  });
});
