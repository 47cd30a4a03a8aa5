// Where the warm-up of a run ends: detected, not assumed after so many frames.
import { meanOf } from './distribution.ts';
import { coefficientOfVariation } from './variation.ts';

/**
 * Frames that latency must hold still for: a second of video, in which every periodic cost (a key frame,
 * a new detection) comes up, and few enough that a clip of some seconds has many such windows.
 */
export const STEADY_WINDOW_FRAMES = 30;

/** Largest difference between the means of both halves, as a fraction of the smaller. Source: DESIGN §5, rule 3. */
const MAX_HALVES_DIFFERENCE = 0.05;

/** Largest coefficient of variation within the window. Source: DESIGN §5, rule 3. */
const MAX_VARIATION = 0.15;

/**
 * The number of frames before the first window of `STEADY_WINDOW_FRAMES` in which the latencies, in one
 * unit, hold still; null when there is none. Hiccups after it do not matter, and hold up the steady state
 * only until a window is free of them: the coefficient of variation counts each. For that reason halves are
 * compared by their means: a hiccup that could move one by 5 % is refused anyway, and of 15 frames a mean
 * is known better than a median, which would refuse more windows that are steady.
 */
export function findSteadyState(latencies: readonly number[]): number | null {
  for (let start = 0; start + STEADY_WINDOW_FRAMES <= latencies.length; start += 1) {
    if (isSteady(latencies.slice(start, start + STEADY_WINDOW_FRAMES))) return start;
  }
  return null;
}

function isSteady(window: readonly number[]): boolean {
  const variation = coefficientOfVariation(window);
  if (variation === null || variation > MAX_VARIATION) return false;
  const first = meanOf(window.slice(0, window.length / 2));
  const second = meanOf(window.slice(window.length / 2));
  return Math.abs(first - second) <= MAX_HALVES_DIFFERENCE * Math.min(first, second);
}
