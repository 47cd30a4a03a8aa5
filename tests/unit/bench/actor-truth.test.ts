import { expect, it } from 'vitest';
import { meanOks, readActorTruth } from '../../../bench/actor-truth.ts';

const truth = await readActorTruth();
const perfect = truth.map((pose) => pose?.keypoints ?? null);

it('has an entry per frame, and a pose where a joint is in the picture', () => {
  expect(truth).toHaveLength(720);
  expect(truth.filter((pose) => pose)).toHaveLength(689);
  // He has all but left: an annotation without a joint.
  expect(truth[510]).toBeNull();
});

it('counts only frames that have a true pose', () => {
  expect(meanOks(truth, perfect)).toBe(1);
  expect(meanOks(truth, perfect, (frame) => frame === 510)).toBeNull();
  expect(meanOks(truth, [])).toBeNull();
});

it('counts a person who is not found as 0', () => {
  const half = perfect.map((joints, frame) => (frame % 2 === 0 ? joints : null));
  expect(meanOks(truth, half.slice(0, 100))).toBe(0.5);
});
