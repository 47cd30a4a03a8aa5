import { describe, expect, it } from 'vitest';
import { STEADY_WINDOW_FRAMES, findSteadyState } from '../../../src/lib/metrics/steady-state.ts';
import { simulateLatencies } from './simulated-latencies.ts';

const SERIES = 500;
const seeds = Array.from({ length: SERIES }, (_, i) => i + 1);

function noisy(seed: number, variation: number, correlation = 0): number[] {
  return simulateLatencies({ count: 300, correlation, seed, variation });
}

describe('findSteadyState', () => {
  it('starts at once where nothing changes', () => {
    expect(findSteadyState(new Array<number>(STEADY_WINDOW_FRAMES).fill(20))).toBe(0);
  });

  it('comes after the frames that took longer', () => {
    const warmup = [900, 300, 120, 60, 40];
    expect(findSteadyState([...warmup, ...new Array<number>(100).fill(20)])).toBe(5);
  });

  it('comes when latency has come down slowly', () => {
    const latencies = Array.from({ length: 300 }, (_, i) => 20 * (1 + 2 * Math.exp(-i / 20)));
    const start = findSteadyState(latencies) ?? NaN;
    // The mean of 15 frames is 5 % above that of the next 15 while e^(−i/20) is above 0.07.
    expect(start).toBeGreaterThan(40);
    expect(start).toBeLessThan(70);
    expect(latencies[start] ?? NaN).toBeLessThan(1.2 * 20);
  });

  it.each([
    [0.08, 0],
    [0.1, 0],
    [0.1, 0.5],
  ])(
    'finds ordinary noise of %f, correlated by %f, with isolated hiccups',
    (variation, correlation) => {
      for (const seed of seeds) {
        const latencies = noisy(seed, variation, correlation).map((latency, i) =>
          (i * 7 + seed) % 71 === 0 ? 5 * latency : latency,
        );
        expect(findSteadyState(latencies), `seed ${seed}`).not.toBeNull();
      }
    },
  );

  it('does not settle while every fifth frame is five times slower', () => {
    for (const seed of seeds) {
      const stalling = noisy(seed, 0.05).map((latency, i) => (i % 5 === 4 ? 5 * latency : latency));
      expect(findSteadyState(stalling)).toBeNull();
    }
  });

  it('does not settle while latency keeps growing, or varies too much', () => {
    expect(findSteadyState(Array.from({ length: 300 }, (_, i) => 20 * 1.005 ** i))).toBeNull();
    const alternating = Array.from({ length: 300 }, (_, i) => (i % 2 ? 20 : 30));
    expect(findSteadyState(alternating)).toBeNull();
  });

  it('needs a whole window', () => {
    expect(findSteadyState(new Array<number>(STEADY_WINDOW_FRAMES - 1).fill(20))).toBeNull();
    expect(findSteadyState([])).toBeNull();
  });
});
