import { expect, it } from 'vitest';
import { probeClockResolution } from '../../../src/lib/benchmark/clock-resolution.ts';

it('finds the step of a clock, however often it is read', () => {
  let readings = 0;
  expect(probeClockResolution(() => Math.floor((readings += 1) / 7) * 0.1)).toBeCloseTo(0.1, 9);
});

it('gives up on a clock that stands still', () => {
  expect(probeClockResolution(() => 5)).toBe(1000);
});
