// How many neighbouring samples depend on each other: the block length of a block bootstrap.
import { meanOf } from './distribution.ts';

/** A correlation below this many √(log₁₀(n) / n) counts as none. Source: Politis & White 2004, §3.2. */
const CRITICAL_FACTOR = 2;

/** Fewest lags in a row without correlation that end the search. Source: Politis & White 2004, footnote c. */
const MIN_QUIET_LAGS = 5;

/** D = 4/3 · σ⁴ holds for blocks of fixed length. Source: Patton, Politis & White 2009. */
const FIXED_BLOCK_FACTOR = 4 / 3;

/**
 * The block length, in samples, that estimates the variance of the mean of a stationary series with the
 * least error: (2·G² / D)^⅓ · n^⅓, with autocovariances under a flat-top window. At least 1, at most
 * min(3·√n, n/3), and not rounded; 1 for a series that does not vary. Source: Politis & White, "Automatic
 * block-length selection for the dependent bootstrap" (Econometric Reviews 23, 2004), as corrected by
 * Patton, Politis & White (Econometric Reviews 28, 2009).
 */
export function automaticBlockLength(samples: Float64Array): number {
  const n = samples.length;
  const mean = meanOf(samples);
  const deviations = samples.map((value) => value - mean);
  const variance = autocovariance(deviations, 0);
  if (!(variance > 0)) return 1;

  const covariances = covariancesUntilQuiet(deviations, variance);
  const bandwidth = covariances.length - 1;
  let slope = 0; // G: the sum of |k| · λ(k) · γ(k) over all lags k, negative ones too
  let longRunVariance = variance;
  for (let lag = 1; lag <= bandwidth; lag += 1) {
    const term = 2 * flatTop(lag / bandwidth) * (covariances[lag] as number);
    slope += lag * term;
    longRunVariance += term;
  }
  const length = Math.cbrt(((2 * slope ** 2) / (FIXED_BLOCK_FACTOR * longRunVariance ** 2)) * n);
  return Math.max(1, Math.min(length, 3 * Math.sqrt(n), n / 3));
}

/** Autocovariances of lags 0 to M: twice the last lag before a row of lags without correlation. */
function covariancesUntilQuiet(deviations: Float64Array, variance: number): number[] {
  const n = deviations.length;
  const quietLags = Math.max(MIN_QUIET_LAGS, Math.ceil(Math.sqrt(Math.log10(n))));
  const maxLag = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + quietLags);
  const critical = CRITICAL_FACTOR * Math.sqrt(Math.log10(n) / n) * variance;

  const covariances = [variance];
  let lastLoud = 0;
  const upTo = (lag: number): void => {
    for (let next = covariances.length; next <= lag; next += 1) {
      covariances.push(autocovariance(deviations, next));
    }
  };
  for (let lag = 1; lag <= maxLag && lag - lastLoud <= quietLags; lag += 1) {
    upTo(lag);
    if (Math.abs(covariances[lag] as number) >= critical) lastLoud = lag;
  }
  const bandwidth = Math.min(2 * Math.max(lastLoud, 1), maxLag);
  upTo(bandwidth);
  return covariances.slice(0, bandwidth + 1);
}

function autocovariance(deviations: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < deviations.length; i += 1) {
    sum += (deviations[i] as number) * (deviations[i - lag] as number);
  }
  return sum / deviations.length;
}

/** Weight of a lag, as a fraction of the bandwidth. Source: Politis & Romano 1995, the trapezoid. */
function flatTop(fraction: number): number {
  return Math.min(1, 2 * (1 - fraction));
}
