// Seeded series with memory, for the tests that hold statistics against what is known of their source.
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';

export type SimulatedProcess = {
  readonly count: number;
  /** Correlation of neighbours, φ. */
  readonly correlation: number;
  readonly seed: number;
};

/** A stationary first-order autoregressive series of mean 0 and variance 1: normal, as are its quantiles. */
export function simulateAr1({ count, correlation, seed }: SimulatedProcess): number[] {
  const normal = normalFrom(createSeededRandom(seed));
  const innovation = Math.sqrt(1 - correlation ** 2);
  const values: number[] = [];
  let value = normal();
  for (let i = 0; i < count; i += 1) {
    values.push(value);
    value = correlation * value + innovation * normal();
  }
  return values;
}

/**
 * Lognormal latencies of median 20 ms whose logarithms are such a series: `variation` is nearly their
 * coefficient of variation. `levelAt` multiplies them by a factor for the fraction of the run that is over.
 */
export function simulateLatencies(
  process: SimulatedProcess & { readonly variation: number },
  levelAt: (fraction: number) => number = () => 1,
): number[] {
  return simulateAr1(process).map(
    (value, i) => 20 * levelAt(i / (process.count - 1)) * Math.exp(process.variation * value),
  );
}

/** Normal numbers. Source: Box & Muller 1958. */
function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
