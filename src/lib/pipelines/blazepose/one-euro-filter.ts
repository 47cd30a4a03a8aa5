// The 1€ filter: quiet when a value rests, quick when it moves.

/** How much a filter smooths. */
export type OneEuroSettings = {
  /** Hz, for a value at rest. */
  readonly minCutoffHz: number;
  /** Hz more for each unit per second. */
  readonly beta: number;
  /** Hz, for the speed itself. */
  readonly derivativeCutoffHz: number;
};

/** Smooths one value over time. */
export type OneEuroFilter = {
  /**
   * The smoothed value. Times in seconds; one that does not grow returns the value as it is. The speed is
   * taken in units of `scale`.
   */
  apply(timeS: number, value: number, scale: number): number;
};

/**
 * A filter that has seen nothing. Source: Casiez, Roussel, Vogel, "1€ Filter", CHI 2012, in the form of
 * MediaPipe's util/filtering/one_euro_filter.cc (the speed is that of the raw values).
 */
export function createOneEuroFilter(settings: OneEuroSettings): OneEuroFilter {
  const { minCutoffHz, beta, derivativeCutoffHz } = settings;
  let last: { timeS: number; raw: number; smoothed: number; speed: number } | null = null;
  return {
    apply(timeS, value, scale) {
      if (!last) {
        last = { timeS, raw: value, smoothed: value, speed: 0 };
        return value;
      }
      const elapsedS = timeS - last.timeS;
      if (elapsedS <= 0) return value;
      const rawSpeed = (value - last.raw) / scale / elapsedS;
      const speed = blend(last.speed, rawSpeed, weight(derivativeCutoffHz, elapsedS));
      const cutoffHz = minCutoffHz + beta * Math.abs(speed);
      const smoothed = blend(last.smoothed, value, weight(cutoffHz, elapsedS));
      last = { timeS, raw: value, smoothed, speed };
      return smoothed;
    },
  };
}

/** The weight of a new value in a low-pass filter. */
function weight(cutoffHz: number, elapsedS: number): number {
  const timeConstantS = 1 / (2 * Math.PI * cutoffHz);
  return 1 / (1 + timeConstantS / elapsedS);
}

function blend(before: number, now: number, weightOfNow: number): number {
  return weightOfNow * now + (1 - weightOfNow) * before;
}
