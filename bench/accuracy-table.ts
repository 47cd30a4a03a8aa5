// How right the poses were, as `npm run bench` prints it: one line per run that has ground truth.
import type { RunAccuracy } from '../src/lib/benchmark/accuracy.ts';
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import { alignedTable } from './aligned-table.ts';
import type { Column } from './aligned-table.ts';
import { fraction } from './table-figures.ts';

type ScoredRun = RunSummary & { readonly accuracy: RunAccuracy };

/** COCO's names for its metrics, in the order in which it lists them, then those that are of joints. */
const columns: readonly Column<ScoredRun>[] = [
  { title: 'AP', cell: ({ accuracy }) => fraction(accuracy.ap) },
  { title: 'AP50', cell: ({ accuracy }) => fraction(accuracy.ap50) },
  { title: 'AP75', cell: ({ accuracy }) => fraction(accuracy.ap75) },
  { title: 'APm', cell: ({ accuracy }) => fraction(accuracy.apMedium) },
  { title: 'APl', cell: ({ accuracy }) => fraction(accuracy.apLarge) },
  { title: 'AR', cell: ({ accuracy }) => fraction(accuracy.ar) },
  { title: 'mean OKS', cell: ({ accuracy }) => fraction(accuracy.meanOks) },
  { title: 'PCK@0.2', cell: ({ accuracy }) => fraction(accuracy.pck) },
  { title: 'PCKh@0.5', cell: ({ accuracy }) => fraction(accuracy.pckh) },
  { title: 'people', cell: ({ accuracy }) => String(accuracy.people) },
  { title: 'images', cell: ({ accuracy }) => String(accuracy.images) },
];
const targetColumn: Column<ScoredRun> = { title: 'target', cell: (run) => run.target };
/** Most sweeps have one source with ground truth. */
const sourceColumn: Column<ScoredRun> = { title: 'source', cell: (run) => run.source.name };

/** The accuracy of the runs that have one, as an aligned text table; null when none has. */
export function accuracyTable(runs: readonly RunSummary[]): string | null {
  const scored = runs.filter((run): run is ScoredRun => run.accuracy !== null);
  if (scored.length === 0) return null;
  const sources = new Set(scored.map(({ source }) => source.name));
  const names = sources.size > 1 ? [targetColumn, sourceColumn] : [targetColumn];
  return alignedTable([...names, ...columns], scored);
}
