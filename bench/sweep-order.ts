// In which order a sweep makes its runs.
import { createSeededRandom, shuffled } from '../src/lib/metrics/seeded-random.ts';
import type { BenchSource } from './headless-tab.ts';
import { keyOfRun } from './planned-run.ts';
import type { PlannedRun } from './planned-run.ts';

/** The runs on one opened source, round by round in the order in which they are made. */
export type SweepStage = {
  readonly source: BenchSource;
  readonly maxFrames: number | null;
  readonly rounds: readonly (readonly PlannedRun[])[];
};

/**
 * One stage per source and number of frames, since opening one takes as long as decoding it. Within a stage
 * every round has every run once, so that whatever changes in the machine meanwhile meets all of them. With
 * `repetitions` each round has an order of its own, drawn by `seed`, so that none always follows the same one;
 * without, the order is that of `runs`. Runs that `runs` has several times make several rounds already.
 */
export function orderSweep(
  runs: readonly PlannedRun[],
  { repetitions, seed }: { readonly repetitions: number; readonly seed: number },
): SweepStage[] {
  const random = createSeededRandom(seed);
  return stagesOf(runs).map(({ source, maxFrames, rounds }) => {
    if (repetitions === 1) return { source, maxFrames, rounds };
    const repeated = Array.from({ length: repetitions }, () => rounds).flat();
    return { source, maxFrames, rounds: repeated.map((round) => shuffled(round, random)) };
  });
}

function stagesOf(runs: readonly PlannedRun[]): SweepStage[] {
  return [...Map.groupBy(runs, ({ source }) => source)].flatMap(([source, onSource]) =>
    [...Map.groupBy(onSource, ({ conditions }) => conditions.maxFrames)].map(
      ([maxFrames, alike]) => ({ source, maxFrames, rounds: roundsOf(alike) }),
    ),
  );
}

/** The first round has the first of all equal runs, and so on. */
function roundsOf(runs: readonly PlannedRun[]): PlannedRun[][] {
  const seen = new Map<string, number>();
  const rounds: PlannedRun[][] = [];
  for (const run of runs) {
    const key = keyOfRun(run);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(run);
  }
  return rounds;
}
