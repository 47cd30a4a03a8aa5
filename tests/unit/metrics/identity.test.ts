import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAME_PERSON_OKS, identityKeptOf } from '../../../src/lib/metrics/identity.ts';
import { oks } from '../../../src/lib/metrics/oks.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';
import type { ActorGroundTruth } from '../../../tools/actor/coco.ts';

const JOINTS = 17;

/** Somebody whose joints span a box of 160 × 160 px from x; joints that are not found lie in a corner. */
function person(x = 0, found = JOINTS): Pose {
  const keypoints = Array.from({ length: JOINTS }, (_, joint) =>
    joint < found ? { x: x + 10 * joint, y: 10 * joint, score: 0.9 } : { x: 0, y: 0, score: 0 },
  );
  return { skeleton: 'coco-17', score: 0.9, keypoints };
}

describe('identityKeptOf', () => {
  it('is 1 for somebody who stands still, and counts every jump to somebody else', () => {
    const [left, right] = [person(0), person(400)];
    expect(identityKeptOf([left, left, left])).toBe(1);
    expect(identityKeptOf([left, right, right, left, left])).toBe(0.5);
  });

  it('tells people apart who stand side by side', () => {
    // A torso of 100 px in a box of 160 px: half a metre for a grown person.
    expect(identityKeptOf([person(0), person(100)])).toBe(0);
  });

  it('tells nothing across frames without anybody, or without frames', () => {
    const [left, right] = [person(0), person(400)];
    expect(identityKeptOf([left, null, right])).toBeNull();
    expect(identityKeptOf([left, left, null, right, right, left])).toBeCloseTo(2 / 3, 12);
    expect(identityKeptOf([left])).toBeNull();
    expect(identityKeptOf([])).toBeNull();
  });

  it('draws the line at its threshold of OKS', () => {
    const before = person();
    const truth = { keypoints: before.keypoints.map((at) => ({ ...at, v: 2 })), areaPx: 160 ** 2 };
    const kept = Array.from({ length: 160 }, (_, shiftPx) => {
      const after = person(shiftPx);
      const isSame = oks(after.keypoints, truth)! >= SAME_PERSON_OKS;
      expect(identityKeptOf([before, after]), `${shiftPx} px`).toBe(Number(isSame));
      return isSame;
    });
    expect(new Set(kept)).toEqual(new Set([true, false]));
  });

  it('looks at joints that both poses have, and at four at least', () => {
    // The thirteen others would be far apart: in the corner in one, at their place in the other.
    expect(identityKeptOf([person(300), person(300, 4)])).toBe(1);
    expect(identityKeptOf([person(300, 4), person(300)])).toBe(1);
    expect(identityKeptOf([person(300), person(300, 3)])).toBeNull();
  });

  it('compares whatever the skeleton', () => {
    const found: Pose = {
      skeleton: 'openpose-18',
      score: 1,
      keypoints: Array.from({ length: 18 }, (_, i) => ({ x: 9 * i, y: 7 * i, score: 1 })),
    };
    expect(identityKeptOf([found, found])).toBe(1);
  });
});

describe('the actor', () => {
  const file = new URL('../../../static/clips/actor.gt.json', import.meta.url);
  const truth = JSON.parse(readFileSync(file, 'utf8')) as ActorGroundTruth;
  const poses: (Pose | null)[] = truth.images.map(() => null);
  for (const { image_id, keypoints } of truth.annotations) {
    poses[image_id - 1] = {
      skeleton: 'coco-17',
      score: 1,
      keypoints: Array.from({ length: JOINTS }, (_, joint) => {
        const [x = 0, y = 0, v = 0] = keypoints.slice(3 * joint);
        return { x, y, score: v > 0 ? 1 : 0 };
      }),
    };
  }
  /** Where the film is cut and he is somewhere else at once. */
  const CUTS = [200, 630];
  const [first = 0, second = 0] = CUTS;
  const takes = [poses.slice(0, first), poses.slice(first, second), poses.slice(second)];

  it.each([1, 2])('stays himself however fast he moves, looked at every %i frames', (step) => {
    for (const take of takes) {
      for (let phase = 0; phase < step; phase += 1) {
        expect(identityKeptOf(take.filter((_, frame) => frame % step === phase))).toBe(1);
      }
    }
  });

  it('is somebody else after a cut, and in turns with somebody beside him', () => {
    for (const cut of CUTS) expect(identityKeptOf(poses.slice(cut - 1, cut + 1))).toBe(0);
    const TORSO_PX = 140;
    const inTurns = takes[0]!.map((pose, frame) =>
      pose && frame % 2 === 1
        ? { ...pose, keypoints: pose.keypoints.map((at) => ({ ...at, x: at.x + TORSO_PX })) }
        : pose,
    );
    expect(identityKeptOf(inTurns)).toBe(0);
  });
});
