import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '../../../src/lib/pipelines/box.ts';

function box(left: number, top: number, right: number, bottom: number) {
  return { left, top, right, bottom };
}

describe('intersectionOverUnion', () => {
  it('is the common area over the whole', () => {
    expect(intersectionOverUnion(box(0, 0, 2, 2), box(1, 1, 3, 3))).toBeCloseTo(1 / 7, 12);
    expect(intersectionOverUnion(box(0, 0, 4, 2), box(0, 0, 4, 2))).toBe(1);
  });

  it('is 0 for boxes that only touch, and for empty ones', () => {
    expect(intersectionOverUnion(box(0, 0, 1, 1), box(1, 0, 2, 1))).toBe(0);
    expect(intersectionOverUnion(box(1, 1, 1, 1), box(1, 1, 1, 1))).toBe(0);
  });
});
