// Whether two runs differ, and by how much. How well each of them is known: bootstrap-interval.ts.
import { bootstrapInterval } from './bootstrap-interval.ts';
import type { Interval, Statistic } from './bootstrap-interval.ts';

/** What the comparison of durations says of the second run. */
export type Conclusion = 'faster' | 'slower' | 'no-difference' | 'inconclusive';

/** `ratio` is the second run's figure over the first one's; null where the samples are too few for it. */
export type Difference = {
  readonly ratio: Interval | null;
  readonly conclusion: Conclusion;
};

/** All may be left out but the seed; the defaults are the constants of this file and the median. */
export type DifferenceOptions = {
  /** Of the resampling; the same seed gives the same interval. */
  readonly seed: number;
  readonly statistic?: Statistic;
  readonly confidence?: number;
  /** Factor up to which a change does not matter: 1.05 is from −4.8 % to +5 %. */
  readonly margin?: number;
};

/**
 * Of 200 comparisons of runs that do not differ, 2 at most may be called different. With intervals of
 * 99 % that fails in 32 of 100 such series, with 99.5 % in 8, with 99.9 % in 0.1 (binomial); the rest is
 * room for short runs, where intervals of dependent samples are somewhat too narrow.
 */
export const DIFFERENCE_CONFIDENCE = 0.999;

/** Changes up to this factor matter to nobody: DESIGN's steady state allows as much within one run. */
export const DIFFERENCE_MARGIN = 1.05;

/**
 * Compares durations of two runs, each in the order of its measurement, in one unit. What matters comes
 * before what is certain: `no-difference` when the whole interval lies within the margin, even if it
 * excludes 1; else `faster` or `slower` when it excludes 1 (the second run's figure is smaller or larger);
 * else, and where samples are too few, `inconclusive`: more samples would tell. Source: equivalence tests
 * (Schuirmann 1987). Throws a RangeError on a value that is not finite.
 */
export function compareDurations(
  first: readonly number[],
  second: readonly number[],
  options: DifferenceOptions,
): Difference {
  const { seed, statistic = 0.5, confidence = DIFFERENCE_CONFIDENCE } = options;
  const ratio = ratioInterval(first, second, { seed, statistic, confidence });
  return { ratio, conclusion: ratio ? concludeFrom(ratio, options.margin) : 'inconclusive' };
}

/**
 * Compares durations of two runs over the same frames, pair by pair: `ratio` is the geometric mean of the
 * second's duration over the first's. What makes a frame costly makes it so in both runs, and what goes on
 * from frame to frame is mostly that, so pairs tell far smaller differences apart than runs do. Both lists
 * are in the frames' order; of the longer one the end is left out. Otherwise as `compareDurations`.
 * Source: paired comparison (Gosset 1908) of logarithms, whose mean always has an interval.
 */
export function comparePairedDurations(
  first: readonly number[],
  second: readonly number[],
  options: Omit<DifferenceOptions, 'statistic'>,
): Difference {
  const { seed, confidence = DIFFERENCE_CONFIDENCE, margin } = options;
  const pairs = Math.min(first.length, second.length);
  const logRatios = Array.from({ length: pairs }, (_, i) =>
    Math.log((second[i] as number) / (first[i] as number)),
  );
  const mean = bootstrapInterval(logRatios, 'mean', { seed, confidence });
  if (!mean) return { ratio: null, conclusion: 'inconclusive' };
  const [estimate, low, high] = [mean.estimate, mean.low, mean.high].map(Math.exp) as [
    number,
    number,
    number,
  ];
  const ratio = { estimate, low, high, confidence };
  return { ratio, conclusion: concludeFrom(ratio, margin) };
}

/** What an interval of the ratio of two durations says; `margin` as in `DifferenceOptions`. */
export function concludeFrom(ratio: Interval, margin = DIFFERENCE_MARGIN): Conclusion {
  if (ratio.low > 1 / margin && ratio.high < margin) return 'no-difference';
  if (ratio.high < 1) return 'faster';
  if (ratio.low > 1) return 'slower';
  return 'inconclusive';
}

/**
 * `statistic` of the second series over that of the first, both positive and measured independently, with
 * its interval: their own intervals, squared and added as logarithms. Null where one of them has none or
 * does not exclude 0. Source: MOVER, "method of variance estimates recovery" (Zou & Donner, Statistics in
 * Medicine 27, 2008), which keeps the skewness of both.
 */
export function ratioInterval(
  first: readonly number[],
  second: readonly number[],
  options: {
    readonly seed: number;
    readonly statistic: Statistic;
    readonly confidence: number;
  },
): Interval | null {
  const { seed, statistic, confidence } = options;
  const below = bootstrapInterval(first, statistic, { seed, confidence });
  // Another seed, or errors of resampling would be the same in both.
  const above = bootstrapInterval(second, statistic, { seed: seed + 1, confidence });
  if (!below || !above || below.low <= 0 || above.low <= 0) return null;

  const estimate = above.estimate / below.estimate;
  const down = Math.hypot(
    Math.log(above.estimate / above.low),
    Math.log(below.high / below.estimate),
  );
  const up = Math.hypot(
    Math.log(above.high / above.estimate),
    Math.log(below.estimate / below.low),
  );
  return { estimate, low: estimate * Math.exp(-down), high: estimate * Math.exp(up), confidence };
}
