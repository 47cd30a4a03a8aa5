// How BlazePose's raw outputs become probabilities.

/** 1 / (1 + e^−x), in [0, 1]. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
