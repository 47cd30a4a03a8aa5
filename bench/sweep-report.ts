// All that `npm run bench` prints of its runs.
import { accuracyTable } from './accuracy-table.ts';
import { differenceTable } from './difference-table.ts';
import type { MeasuredRun } from './measured-run.ts';
import { repetitionTable } from './repetition-table.ts';
import { resultsTable } from './results-table.ts';
import { groupRuns } from './run-groups.ts';
import type { RunGroup } from './run-groups.ts';

/**
 * The tables one below the other: every run; its accuracy, where there is ground truth; and what comparing them
 * says: over the rounds where runs were repeated, else frame by frame. `seed` is of the intervals.
 */
export function reportOf(runs: readonly MeasuredRun[], seed: number): string {
  const summaries = runs.map(({ summary }) => summary);
  const comparisons = groupRuns(runs).map((group) =>
    isRepeated(group) ? repetitionTable(group) : differenceTable(group, seed),
  );
  return [resultsTable(summaries), accuracyTable(summaries), ...comparisons]
    .filter((table) => table !== null)
    .join('\n\n');
}

function isRepeated({ targets }: RunGroup): boolean {
  return targets.some(({ runs }) => runs.length > 1);
}
