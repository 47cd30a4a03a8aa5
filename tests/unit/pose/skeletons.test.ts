import { describe, expect, it } from 'vitest';
import { toCoco17 } from '../../../src/lib/pose/coco-mapping.ts';
import { meanKeypointScore } from '../../../src/lib/pose/pose.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import type { SkeletonId } from '../../../src/lib/pose/skeletons.ts';

const ids = Object.keys(skeletons) as SkeletonId[];

describe.each(ids)('%s', (id) => {
  const { keypointNames, bones } = skeletons[id];

  it('has unique names and bones between them', () => {
    expect(new Set(keypointNames).size).toBe(keypointNames.length);
    for (const end of bones.flat()) expect(keypointNames[end]).toBeDefined();
  });

  it('maps each COCO joint to the joint of the same name', () => {
    const keypoints = keypointNames.map((_, index) => ({ x: index, y: 0, score: 1 }));
    const mapped = toCoco17({ skeleton: id, score: 1, keypoints });
    expect(mapped.map(({ x }) => keypointNames[x])).toEqual(skeletons['coco-17'].keypointNames);
  });

  it('refuses a pose that lacks a joint', () => {
    expect(() => toCoco17({ skeleton: id, score: 1, keypoints: [] })).toThrow(RangeError);
  });
});

describe('meanKeypointScore', () => {
  it('averages, and is 0 without keypoints', () => {
    const keypoints = [0.2, 0.6].map((score) => ({ x: 0, y: 0, score }));
    expect(meanKeypointScore({ keypoints })).toBeCloseTo(0.4, 12);
    expect(meanKeypointScore({ keypoints: [] })).toBe(0);
  });
});
