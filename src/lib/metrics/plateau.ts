// What a long run comes down to: its level in the end against that in the beginning.
import { quantile, sortedSamples } from './quantile.ts';

/** Levels in the unit of the values. */
export type Plateau = {
  readonly firstLevel: number;
  readonly plateauLevel: number;
};

/**
 * The median of the first `firstValues` values, and of those from the last change on (findChangePoints).
 * Null without values.
 */
export function plateauOf(
  values: readonly number[],
  changes: readonly number[],
  firstValues: number,
): Plateau | null {
  const firstLevel = quantile(sortedSamples(values.slice(0, firstValues)), 0.5);
  const plateauLevel = quantile(sortedSamples(values.slice(changes.at(-1) ?? 0)), 0.5);
  return firstLevel === null || plateauLevel === null ? null : { firstLevel, plateauLevel };
}
