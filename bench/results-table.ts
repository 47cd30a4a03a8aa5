// The table that `npm run bench` prints: one line per run.
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';

const UNKNOWN = '–';

const columns: readonly { readonly title: string; readonly cell: (run: RunSummary) => string }[] = [
  { title: 'target', cell: (run) => run.target },
  { title: 'clip', cell: (run) => run.source.name },
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

/** The runs as an aligned text table with a header. */
export function resultsTable(runs: readonly RunSummary[]): string {
  const rows = [
    columns.map(({ title }) => title),
    ...runs.map((run) => columns.map(({ cell }) => cell(run))),
  ];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
