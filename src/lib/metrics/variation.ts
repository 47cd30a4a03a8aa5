// How much samples vary, whatever their unit.
import { meanOf } from './distribution.ts';

/**
 * Coefficient of variation of positive samples: the standard deviation (with n − 1) over the mean, a
 * fraction without unit. Null with fewer than two samples or a mean that is not positive. Outliers count.
 */
export function coefficientOfVariation(samples: readonly number[]): number | null {
  const mean = meanOf(samples);
  if (samples.length < 2 || !(mean > 0)) return null;
  let squares = 0;
  for (const value of samples) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (samples.length - 1)) / mean;
}
