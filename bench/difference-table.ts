// Whether targets that ran once each differ, as `npm run bench` prints it.
import { DIFFERENCE_CONFIDENCE, compareDurations } from '../src/lib/metrics/difference.ts';
import type { Conclusion, Difference } from '../src/lib/metrics/difference.ts';
import { alignedTable } from './aligned-table.ts';
import type { MeasuredRun } from './measured-run.ts';
import type { RunGroup } from './run-groups.ts';
import { UNKNOWN } from './table-figures.ts';

const conclusionTexts: Readonly<Record<Conclusion, string>> = {
  faster: 'faster',
  slower: 'slower',
  'no-difference': 'no difference',
  inconclusive: 'inconclusive',
};

type Row = {
  readonly label: string;
  readonly isValid: boolean;
  readonly difference: Difference;
};

/**
 * Median end-to-end latency of each target over the first one's, with its interval and what that means; null
 * where there is nothing to compare. An interval stands for the runs as they were: of invalid ones nothing is
 * concluded.
 */
export function differenceTable({ title, targets }: RunGroup, seed: number): string | null {
  const [first, ...others] = targets.flatMap(({ label, runs: [run] }) =>
    run ? [{ label, run }] : [],
  );
  if (!first || others.length === 0) return null;
  const rows = others.map(({ label, run }): Row => ({
    label,
    isValid: isValid(first.run) && isValid(run),
    difference: compareDurations(first.run.latenciesMs, run.latenciesMs, { seed }),
  }));
  const confidence = `${Number((100 * DIFFERENCE_CONFIDENCE).toFixed(2))} %`;
  const table = alignedTable<Row>(
    [
      { title: 'target', cell: ({ label }) => label },
      { title: '× latency', cell: ({ difference }) => factor(difference.ratio?.estimate) },
      { title: `${confidence} interval`, cell: ({ difference }) => intervalOf(difference) },
      { title: 'conclusion', cell: concludeRow },
    ],
    rows,
  );
  return `Median end-to-end latency on ${title} over that of ${first.label}:\n${table}`;
}

function isValid({ summary }: MeasuredRun): boolean {
  return summary.verdict.valid;
}

function concludeRow({ isValid: valid, difference }: Row): string {
  return valid ? conclusionTexts[difference.conclusion] : 'none, as a run is invalid';
}

function intervalOf({ ratio }: Difference): string {
  return ratio ? `${factor(ratio.low)}–${factor(ratio.high)}` : UNKNOWN;
}

function factor(value: number | undefined): string {
  return value?.toFixed(3) ?? UNKNOWN;
}
