// How finely `performance.now()` really ticks: 5 µs on a cross-origin isolated page, 100 µs elsewhere.

/** A coarser clock cannot resolve stages of under a millisecond. */
export const MAX_CLOCK_RESOLUTION_MS = 0.02;

const PROBED_STEPS = 20;
/** Readings after which the probe gives up on a clock that hardly moves: a few tenths of a second. */
const MAX_READINGS = 2_000_000;
/** What is reported of a clock that was not seen to move. */
const UNSEEN_STEP_MS = 1000;

/** The smallest step in ms that the clock takes over a few steps, or 1000 when it was not seen to move. */
export function probeClockResolution(clock: () => number): number {
  let smallest = UNSEEN_STEP_MS;
  let last = clock();
  let steps = 0;
  for (let reading = 0; reading < MAX_READINGS && steps < PROBED_STEPS; reading += 1) {
    const current = clock();
    if (current === last) continue;
    smallest = Math.min(smallest, current - last);
    last = current;
    steps += 1;
  }
  return smallest;
}
