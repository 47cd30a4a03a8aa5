// What repeated runs come to, as `npm run bench` prints it: one line per target.
import { medianInterval } from '../src/lib/metrics/median-interval.ts';
import { quantile, sortedSamples } from '../src/lib/metrics/quantile.ts';
import { alignedTable } from './aligned-table.ts';
import type { ComparedTarget, RunGroup } from './run-groups.ts';
import { UNKNOWN } from './table-figures.ts';

/** An interval covers the median with at least this probability, or is none. */
const MIN_CONFIDENCE = 0.95;

/**
 * Runs, FPS and the ratio of FPS to the first target's of the same round, as an aligned text table with a
 * title. Runs that are invalid count too: to leave out what looks bad would flatter a target.
 */
export function repetitionTable({ title, targets }: RunGroup): string {
  const [first] = targets;
  const table = alignedTable<ComparedTarget>(
    [
      { title: 'target', cell: ({ label }) => label },
      { title: 'runs', cell: ({ runs }) => String(runs.length) },
      { title: 'valid', cell: ({ runs }) => String(countValid(runs)) },
      { title: 'median FPS', cell: ({ runs }) => spread([...fpsByRound(runs).values()], 1) },
      {
        title: '× first target',
        cell: (target) =>
          first && target !== first ? spread(ratiosOf(target, first), 3) : UNKNOWN,
      },
    ],
    targets,
  );
  return `Repetitions on ${title}:\n${table}`;
}

function countValid(runs: ComparedTarget['runs']): number {
  return runs.filter(({ summary }) => summary.verdict.valid).length;
}

function fpsByRound(runs: ComparedTarget['runs']): Map<number, number> {
  return new Map(
    runs.flatMap(({ round, summary: { effectiveFps } }) =>
      effectiveFps === null ? [] : [[round, effectiveFps]],
    ),
  );
}

/** One per round that both came through: what went on in the machine then is the same for both. */
function ratiosOf(target: ComparedTarget, first: ComparedTarget): number[] {
  const base = fpsByRound(first.runs);
  return [...fpsByRound(target.runs)].flatMap(([round, fps]) => {
    const below = base.get(round);
    return below ? [fps / below] : [];
  });
}

/** The median, and how far one can trust it: its interval, or all there is where values are too few for one. */
function spread(values: readonly number[], digits: number): string {
  const sorted = sortedSamples(values);
  const [middle, lowest, highest] = [quantile(sorted, 0.5), sorted.at(0), sorted.at(-1)];
  if (middle === null || lowest === undefined || highest === undefined) return UNKNOWN;
  if (!isEnough(values.length)) {
    return `${middle.toFixed(digits)}, range ${lowest.toFixed(digits)}–${highest.toFixed(digits)}`;
  }
  const { low, high, confidence } = medianInterval(values, MIN_CONFIDENCE);
  return `${middle.toFixed(digits)}, ${(100 * confidence).toFixed(1)} % interval ${low.toFixed(digits)}–${high.toFixed(digits)}`;
}

/** Smallest and largest value enclose the median unless all lie on one side of it. */
function isEnough(count: number): boolean {
  return 1 - 2 * 0.5 ** count >= MIN_CONFIDENCE;
}
