import { expect, it } from 'vitest';
import { parityOf, poseSimilarity } from '../../../src/lib/metrics/pose-parity.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';

/** Seventeen joints of a person about 100 × 200 px large. */
const person: Pose = {
  skeleton: 'coco-17',
  score: 0.9,
  keypoints: Array.from({ length: 17 }, (_, joint) => ({
    x: 200 + (joint % 2) * 100,
    y: 100 + Math.floor(joint / 2) * 25,
    score: 0.9,
  })),
};

function moved(change: (x: number, y: number) => readonly [number, number]): Pose {
  const keypoints = person.keypoints.map(({ x, y, score }) => {
    const [newX, newY] = change(x, y);
    return { x: newX, y: newY, score };
  });
  return { ...person, keypoints };
}

it('is 1 and 0 for the same poses', () => {
  expect(parityOf([[person], [], [person]], [[person], [], [person]])).toEqual({
    frames: 2,
    meanOks: 1,
    maxDistance: 0,
  });
});

it('shows a swapped axis and a mirror', () => {
  const swapped = parityOf([[person]], [[moved((x, y) => [y, x])]]);
  expect(swapped?.meanOks).toBeLessThan(0.5);
  expect(parityOf([[person]], [[moved((x, y) => [640 - x, y])]])?.meanOks).toBeLessThan(0.5);
});

it('counts a person that only one of both found as 0', () => {
  expect(parityOf([[person], [person]], [[person], []])?.meanOks).toBe(0.5);
  expect(parityOf([[person], []], [[person], [person]])?.meanOks).toBe(0.5);
  expect(parityOf([[person]], [[]])).toEqual({ frames: 1, meanOks: 0, maxDistance: null });
});

it('is null when nobody was found by either', () => {
  expect(parityOf([[]], [[]])).toBeNull();
});

it('tells distances in torso lengths of the reference', () => {
  const shoulders = ((person.keypoints[5]?.y ?? 0) + (person.keypoints[6]?.y ?? 0)) / 2;
  const hips = ((person.keypoints[11]?.y ?? 0) + (person.keypoints[12]?.y ?? 0)) / 2;
  const shifted = moved((x, y) => [x + 10, y]);
  expect(parityOf([[person]], [[shifted]])?.maxDistance).toBeCloseTo(10 / (hips - shoulders), 12);
});

it('falls with distance as OKS does', () => {
  const near = poseSimilarity(
    person,
    moved((x, y) => [x + 2, y]),
  );
  const far = poseSimilarity(
    person,
    moved((x, y) => [x + 20, y]),
  );
  expect(near).toBeGreaterThan(0.9);
  expect(far).toBeLessThan(near);
});

it('lets each side rank two people as it likes', () => {
  const other = { ...moved((x, y) => [x + 300, y]), score: 0.89 };
  const surer = { ...other, score: 0.91 };
  expect(parityOf([[person, other]], [[surer, person]])?.meanOks).toBe(1);
});
