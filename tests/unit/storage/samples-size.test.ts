import { serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { estimateFrames, estimateSamples } from '../../../src/lib/storage/samples-size.ts';
import { frameSample } from '../../fixtures/run-results.ts';

/** Of the estimate; V8 writes small integers shorter, and compresses nothing. */
const TOLERANCE = 0.1;

const withPoses = Array.from({ length: 100 }, (_, index) => frameSample(index));
const without = withPoses.map((sample) => ({ ...sample, poses: [] }));

it.each([
  ['with poses', withPoses],
  ['without poses', without],
])('estimates what V8 makes of samples %s', (_, samples) => {
  const bytes = serialize(samples).byteLength;
  expect(Math.abs(estimateSamples(samples) - bytes) / bytes).toBeLessThan(TOLERANCE);
});

it('estimates runs that nobody looked at as if there was one person in every frame', () => {
  expect(estimateFrames(100)).toBe(estimateSamples(withPoses));
  expect(estimateFrames(0)).toBe(0);
  // Poses of more than 10,000 frames are not kept.
  expect(estimateFrames(20_000) - estimateFrames(10_000)).toBe(100 * estimateSamples(without));
});
