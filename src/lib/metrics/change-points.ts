// Where the level of a long series changes: a device that throttles goes down in steps. What its levels
// are at the beginning and in the end is told by plateau.ts.
import { quantile, sortedSamples } from './quantile.ts';

/** Fewest values between two changes: fewer are a disturbance, not a level. */
const MIN_SEGMENT_VALUES = 5;

/**
 * What one more change must save, in squared standard errors per log n. Source: Yao (1988) and Fearnhead
 * & Rigaill (2019) take 2 where the noise is known and has no memory; it is estimated here, and 6 is the
 * least whole number that clearly finds no change in 99 of 100 series of 60 values with a memory of 0.3.
 */
const PENALTY_PER_LOG = 6;

/** Values further than this many standard deviations from their neighbours' median are outliers. Source: Hampel's identifier. */
const OUTLIER_DEVIATIONS = 3;

/** Neighbours on each side that an outlier is told by: three disturbed values in a row are outliers. */
const OUTLIER_REACH = 3;

/** Standard deviation of a normal distribution over the lower quartile of the distances in pairs of values. */
const NORMAL_PER_QUARTILE = 2.2219;

/** Noise is taken to be at least this fraction of the level: steps smaller than that are of no interest. */
const MIN_NOISE = 0.01;

/** Largest correlation of neighbours that is taken for memory; with more, a change of level would be too. */
const MAX_CORRELATION = 0.6;

/**
 * The indices, ascending, at which a new level begins in positive values at equal distances, such as the
 * median latency of every ten seconds. Exact least squares on logarithms with a penalty for each change
 * (optimal partitioning: Jackson et al., IEEE Signal Processing Letters 12, 2005), after outliers were
 * replaced. Noise and its memory are estimated from differences, which changes of level leave alone
 * (Chakar, Lebarbier, Lévy-Leduc & Robin, Bernoulli 23, 2017). A slow change becomes a flight of steps.
 * Takes time as n², for the few hundred values of a run of 30 minutes. Throws a RangeError on a value
 * that is not positive.
 */
export function findChangePoints(values: readonly number[]): number[] {
  for (const value of values) {
    if (!(value > 0 && value < Infinity)) {
      throw new RangeError(`A level is a positive number, not ${value}.`);
    }
  }
  if (values.length < 2 * MIN_SEGMENT_VALUES) return [];
  const logs = values.map(Math.log);
  const { deviation, longRunDeviation } = noiseOf(logs);
  const cleaned = withoutOutliers(logs, OUTLIER_DEVIATIONS * deviation);
  const penalty = PENALTY_PER_LOG * Math.log(values.length) * longRunDeviation ** 2;
  return cheapestPartition(cleaned, penalty);
}

/** Beginnings of all segments but the first, so that squared errors plus a penalty for each are least. */
function cheapestPartition(values: readonly number[], penalty: number): number[] {
  const n = values.length;
  const sums = [0];
  const squares = [0];
  for (const [i, value] of values.entries()) {
    sums.push((sums[i] as number) + value);
    squares.push((squares[i] as number) + value ** 2);
  }
  const between = (totals: readonly number[], start: number, end: number): number =>
    (totals[end] as number) - (totals[start] as number);

  const costs = [-penalty]; // of the best partition of the values before each index
  const starts = [0]; // of that partition's last segment
  for (let end = 1; end <= n; end += 1) {
    let [best, bestStart] = [Infinity, 0];
    for (let start = 0; start <= end - MIN_SEGMENT_VALUES; start += 1) {
      const sum = between(sums, start, end);
      const error = between(squares, start, end) - sum ** 2 / (end - start);
      const cost = (costs[start] as number) + error + penalty;
      if (cost < best) [best, bestStart] = [cost, start];
    }
    costs.push(best);
    starts.push(bestStart);
  }
  const changes: number[] = [];
  for (let start = starts[n] as number; start > 0; start = starts[start] as number) {
    changes.unshift(start);
  }
  return changes;
}

/** Standard deviation of the noise, and of what it would be in means if all memory were in the variance. */
function noiseOf(values: readonly number[]): { deviation: number; longRunDeviation: number } {
  const [next, overNext] = [spreadOfDifferences(values, 1), spreadOfDifferences(values, 2)];
  const estimate = next > 0 ? (overNext / next) ** 2 - 1 : 0;
  const correlation = Math.min(Math.max(estimate, 0), MAX_CORRELATION);
  const deviation = Math.max(MIN_NOISE, next / Math.sqrt(2 * (1 - correlation)));
  const memory = Math.sqrt((1 + correlation) / (1 - correlation));
  return { deviation, longRunDeviation: deviation * memory };
}

/** Standard deviation of the differences over `lag` values: Rousseeuw & Croux's Qn (JASA 88, 1993). */
function spreadOfDifferences(values: readonly number[], lag: number): number {
  const differences = values.slice(lag).map((value, i) => value - (values[i] as number));
  const distances = new Float64Array((differences.length * (differences.length - 1)) / 2);
  let count = 0;
  for (const [i, a] of differences.entries()) {
    for (let j = 0; j < i; j += 1) {
      distances[count] = Math.abs(a - (differences[j] as number));
      count += 1;
    }
  }
  return NORMAL_PER_QUARTILE * (quantile(sortedSamples(distances), 0.25) as number);
}

function withoutOutliers(values: readonly number[], limit: number): number[] {
  const width = 2 * OUTLIER_REACH + 1;
  return values.map((value, i) => {
    const from = Math.max(0, Math.min(i - OUTLIER_REACH, values.length - width));
    const middle = medianOf(values.slice(from, from + width));
    return Math.abs(value - middle) > limit ? middle : value;
  });
}

/** Median of at least one value. */
function medianOf(values: readonly number[]): number {
  return quantile(sortedSamples(values), 0.5) as number;
}
