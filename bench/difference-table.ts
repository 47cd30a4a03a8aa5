// Whether targets that ran once each differ, as `npm run bench` prints it.
import {
  DIFFERENCE_CONFIDENCE,
  compareDurations,
  comparePairedDurations,
} from '../src/lib/metrics/difference.ts';
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
 * End-to-end latency of each target over the first one's, with its interval and what that means; null
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
    difference: differenceOf(first.run, run, seed),
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
  return `End-to-end latency on ${title} over that of ${first.label}:\n${table}`;
}

/**
 * Frame by frame where both runs processed the same ones, else as wholes. What came before either was steady
 * is left out.
 */
function differenceOf(first: MeasuredRun, second: MeasuredRun, seed: number): Difference {
  const warmups = [first, second].map(({ summary }) => summary.steadyState?.warmupFrames ?? 0);
  if (haveSameFrames(first, second)) {
    const [from, other] = [first, second].map((run) => run.latenciesMs.slice(Math.max(...warmups)));
    return comparePairedDurations(from ?? [], other ?? [], { seed });
  }
  const [from, other] = [first, second].map((run, i) => run.latenciesMs.slice(warmups[i]));
  return compareDurations(from ?? [], other ?? [], { seed });
}

function haveSameFrames(first: MeasuredRun, second: MeasuredRun): boolean {
  const [a, b] = [first.summary, second.summary];
  const isInOrder = [a, b].every(
    ({ scenario, frames }) => scenario !== 'multi-stream' && frames.dropped === 0,
  );
  return isInOrder && a.source.framesDigest === b.source.framesDigest;
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
