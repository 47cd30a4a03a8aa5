import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../../src/lib/metrics/agreement.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';

/** A person whose joints all lie in one point but for the hips, `torsoPx` below. */
function person(torsoPx: number, dx = 0): Pose {
  const keypoints = Array.from({ length: 17 }, (_, joint) => ({
    x: 10 + dx,
    y: joint === 11 || joint === 12 ? 20 + torsoPx : 20,
    score: 1,
  }));
  return { skeleton: 'coco-17', score: 1, keypoints };
}

describe('agreementOf', () => {
  it("tells distances in lengths of the reference's torso", () => {
    const agreement = agreementOf([person(100), person(50)], [person(80, 1), person(40, 3)]);
    // Sorted: 15 joints 1 px of 100, 15 joints 3 px of 50, then the four hips; the middle two are 3/50.
    expect(agreement.medianDistance).toBeCloseTo(3 / 50, 12);
    expect(agreement.maxDistance).toBeCloseTo(Math.hypot(3, 10) / 50, 12);
    expect(agreement).toMatchObject({ frames: 2, disagreements: 0 });
  });

  it('counts frames in which only one run found somebody', () => {
    const agreement = agreementOf([person(100), null, null], [null, person(100)]);
    expect(agreement).toEqual({
      frames: 0,
      disagreements: 2,
      medianDistance: null,
      p95Distance: null,
      maxDistance: null,
    });
  });

  it('leaves out a person whose torso has no length, which is no scale', () => {
    expect(agreementOf([person(0)], [person(0, 5)])).toMatchObject({
      frames: 0,
      maxDistance: null,
    });
  });
});
