import { describe, expect, it } from 'vitest';
import type { Keypoint, Pose } from '../../../src/lib/pose/pose.ts';
import { torsoLengthPx } from '../../../src/lib/pose/torso.ts';

const LEFT_HIP = 11;
const RIGHT_HIP = 12;

/** A person whose joints all lie in one point but for the hips. */
function person(leftHip: Partial<Keypoint>, rightHip: Partial<Keypoint>): Pose {
  const keypoints = Array.from({ length: 17 }, (_, joint) => ({
    x: 10,
    y: 20,
    score: 1,
    ...(joint === LEFT_HIP ? leftHip : {}),
    ...(joint === RIGHT_HIP ? rightHip : {}),
  }));
  return { skeleton: 'coco-17', score: 1, keypoints };
}

describe('torsoLengthPx', () => {
  it('is the distance between the middles of shoulders and hips', () => {
    expect(torsoLengthPx(person({ x: 4, y: 28 }, { x: 28, y: 28 }))).toBe(10);
  });

  it('is not known where a corner was not found, or where all lie in one place', () => {
    expect(torsoLengthPx(person({ x: 0, y: 0, score: 0 }, { y: 57 }))).toBeNull();
    expect(torsoLengthPx(person({}, {}))).toBeNull();
  });
});
