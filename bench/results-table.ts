// The tables that `npm run bench` prints: one line per run.
import type { CocoAccuracy, RunSummary } from '../src/lib/benchmark/run-result.ts';
import { alignedTable } from './aligned-table.ts';
import type { Column } from './aligned-table.ts';

const UNKNOWN = '–';

const columns: readonly Column<RunSummary>[] = [
  { title: 'target', cell: (run) => run.target },
  { title: 'source', cell: (run) => run.source.name },
  { title: 'frames', cell: (run) => String(run.frames.processed) },
  { title: 'FPS', cell: (run) => figure(run.effectiveFps) },
  { title: 'p50 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p50) },
  { title: 'p90 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p90) },
  { title: 'p95 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p95) },
  { title: 'p99 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p99) },
  { title: 'load ms', cell: (run) => figure(run.loadMs) },
  { title: 'detected', cell: (run) => percent(run.quality.detectionRate) },
  { title: 'verdict', cell: (run) => verdict(run) },
];

type ScoredRun = RunSummary & { readonly accuracy: CocoAccuracy };

/** COCO's names for its metrics, in the order in which it lists them. */
const accuracyColumns: readonly Column<ScoredRun>[] = [
  { title: 'target', cell: (run) => run.target },
  { title: 'AP', cell: ({ accuracy }) => fraction(accuracy.ap) },
  { title: 'AP50', cell: ({ accuracy }) => fraction(accuracy.ap50) },
  { title: 'AP75', cell: ({ accuracy }) => fraction(accuracy.ap75) },
  { title: 'APm', cell: ({ accuracy }) => fraction(accuracy.apMedium) },
  { title: 'APl', cell: ({ accuracy }) => fraction(accuracy.apLarge) },
  { title: 'AR', cell: ({ accuracy }) => fraction(accuracy.ar) },
  { title: 'people', cell: ({ accuracy }) => String(accuracy.people) },
  { title: 'images', cell: ({ accuracy }) => String(accuracy.images) },
];

/** The runs as an aligned text table with a header. */
export function resultsTable(runs: readonly RunSummary[]): string {
  return alignedTable(columns, runs);
}

/** COCO's keypoint metrics of the runs that have them, as such a table; null when none has. */
export function accuracyTable(runs: readonly RunSummary[]): string | null {
  const scored = runs.filter((run): run is ScoredRun => run.accuracy !== null);
  return scored.length === 0 ? null : alignedTable(accuracyColumns, scored);
}

/** Three decimals, as COCO prints its metrics; a dash where nobody is of that size. */
function fraction(value: number | null): string {
  return value === null ? UNKNOWN : value.toFixed(3);
}

/** Three significant digits; a dash for what is not known. */
function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : String(Number(value.toPrecision(3)));
}

function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${(value * 100).toFixed(1)} %`;
}

function verdict({ verdict: { valid, reasons } }: RunSummary): string {
  return valid ? 'valid' : `invalid: ${reasons.join(', ')}`;
}
