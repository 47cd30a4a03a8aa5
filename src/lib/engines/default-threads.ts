// How many threads an engine gets when nobody asked for a number.

/** Pose networks are small: beyond this, threads wait for each other more than they work. */
const MAX_DEFAULT_THREADS = 4;

/** The device's logical cores, at most four; 1 where the page is not isolated, which threads need. */
export function defaultThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(MAX_DEFAULT_THREADS, navigator.hardwareConcurrency);
}
