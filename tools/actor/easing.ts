// Curves that make motion start and stop softly. All take and return shares between 0 and 1.

/** 0 before `from`, 1 after `to`, an S in between. */
export function smoothstep(from: number, to: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

/** Rises from 0 to 1 and returns, once for every whole number of cycles. */
export function swell(cycles: number): number {
  return 0.5 - 0.5 * Math.cos(2 * Math.PI * cycles);
}

/** Rises from 0 to 1 and returns, once: it begins at `start` and takes `duration`. */
export function swellOnce(value: number, start: number, duration: number): number {
  return swell(Math.min(1, Math.max(0, (value - start) / duration)));
}
