import { describe, expect, it } from 'vitest';
import { jitterOf } from '../../../src/lib/metrics/jitter.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';

const TORSO_PX = 50;
const WRIST = 9;

/** A person at x, with a wrist that may be elsewhere or not be found; the torso is 50 px. */
function person(x: number, wrist: { dx?: number; score?: number } = {}): Pose {
  const keypoints = Array.from({ length: 17 }, (_, joint) => ({
    x: x + (joint === WRIST ? (wrist.dx ?? 0) : 0),
    y: joint === 11 || joint === 12 ? TORSO_PX : 0,
    score: joint === WRIST ? (wrist.score ?? 1) : 1,
  }));
  return { skeleton: 'coco-17', score: 1, keypoints };
}

describe('jitterOf', () => {
  it('is nothing for somebody who stands or moves steadily', () => {
    expect(jitterOf([5, 5, 5, 5].map((x) => person(x)))).toBe(0);
    expect(jitterOf([0, 7, 14, 21].map((x) => person(x)))).toBe(0);
  });

  it('is the second difference of the keypoints in torso lengths', () => {
    // |0 − 2·3 + 0| = 6 px of 50, in each of the two frames with two neighbours.
    expect(jitterOf([0, 3, 0, 3].map((x) => person(x)))).toBeCloseTo(6 / TORSO_PX, 12);
  });

  it('is the median over joints, which one that flies about does not change', () => {
    const poses = [0, 3, 0].map((x, frame) => person(x, { dx: 500 * frame ** 2 }));
    expect(jitterOf(poses)).toBeCloseTo(6 / TORSO_PX, 12);
  });

  it('does not count joints that were not found, nor frames with a gap beside them', () => {
    const wristOnly = (dx: number, score: number) => {
      const pose = person(0, { dx, score });
      const torso = [5, 6, 11, 12];
      return {
        ...pose,
        keypoints: pose.keypoints.map((point, joint) =>
          joint === WRIST || torso.includes(joint) ? point : { ...point, score: 0 },
        ),
      };
    };
    // Of five joints that are found the four of the torso stand still; without the wrist nothing moves.
    expect(jitterOf([wristOnly(0, 1), wristOnly(9, 0), wristOnly(0, 1)])).toBe(0);
    expect(jitterOf([person(0), person(3), null, person(0), person(3)])).toBeNull();
    expect(jitterOf([])).toBeNull();
  });

  it('leaves out a person whose torso is not known', () => {
    const seated = (x: number) => {
      const pose = person(x);
      return {
        ...pose,
        keypoints: pose.keypoints.map((point, joint) =>
          joint === 11 ? { x: 0, y: 0, score: 0 } : point,
        ),
      };
    };
    expect(jitterOf([0, 3, 0].map(seated))).toBeNull();
  });
});
