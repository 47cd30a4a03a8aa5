import { describe, expect, it } from 'vitest';
import { cocoSigmas, oks } from '../../../src/lib/metrics/oks.ts';
import type { TruePose } from '../../../src/lib/metrics/oks.ts';

const AREA_PX = 10_000;
const joints = cocoSigmas.map((_, i) => ({ x: 10 * i, y: 5 * i, v: 2 }));
const truth: TruePose = { keypoints: joints, areaPx: AREA_PX };

describe('oks', () => {
  it('is 1 for the truth itself', () => {
    expect(oks(joints, truth)).toBe(1);
  });

  it('is e^(-1/2) when each joint is off by 2σ·√area', () => {
    const off = joints.map(({ x, y }, i) => ({
      x: x + 2 * (cocoSigmas[i] as number) * Math.sqrt(AREA_PX),
      y,
    }));
    expect(oks(off, truth)).toBeCloseTo(Math.exp(-0.5), 12);
  });

  it('leaves out joints that are not labelled, and counts occluded ones', () => {
    const keypoints = joints.map((joint, i) => ({ ...joint, v: i === 0 ? 2 : i === 1 ? 1 : 0 }));
    const prediction = joints.map((joint, i) => (i === 1 ? { x: 1e6, y: 1e6 } : joint));
    expect(oks(prediction, { keypoints, areaPx: AREA_PX })).toBeCloseTo(0.5, 12);
  });

  it('scores a missing joint 0 and an unlabelled person not at all', () => {
    expect(oks([], truth)).toBe(0);
    const unlabelled = joints.map((joint) => ({ ...joint, v: 0 }));
    expect(oks(joints, { keypoints: unlabelled, areaPx: AREA_PX })).toBeNull();
  });
});
