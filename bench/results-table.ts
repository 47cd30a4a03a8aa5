// The table that `npm run bench` prints: one line per run.
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import { alignedTable } from './aligned-table.ts';
import type { Column } from './aligned-table.ts';
import { figure, percent } from './table-figures.ts';

const BYTES_PER_MB = 1e6;

/** A column, and whether these runs have something to show in it. */
type ResultColumn = Column<RunSummary> & { readonly isFor?: (run: RunSummary) => boolean };

const columns: readonly ResultColumn[] = [
  { title: 'target', cell: (run) => run.target },
  { title: 'source', cell: (run) => run.source.name },
  { title: 'frames', cell: (run) => String(run.frames.processed) },
  { title: 'FPS', cell: (run) => figure(run.effectiveFps) },
  { title: 'p50 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p50) },
  { title: 'p90 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p90) },
  { title: 'p95 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p95) },
  { title: 'p99 ms', cell: (run) => figure(run.latencyMs.endToEnd?.p99) },
  {
    title: 'missed',
    cell: ({ live }) => percent(live?.missedDeadlines),
    isFor: ({ live }) => live !== null,
  },
  {
    title: 'max FPS',
    cell: ({ live }) => figure(live?.maxFps),
    isFor: ({ recipe }) => recipe?.settings.findMaxFps === true,
  },
  {
    title: 'streams held',
    cell: ({ streams }) => figure(streams?.held),
    isFor: ({ streams }) => streams !== null,
  },
  { title: 'load ms', cell: (run) => figure(run.loadMs) },
  {
    title: 'CPU cores',
    cell: (run) => figure(run.cpuUtilization),
    isFor: (run) => run.cpuUtilization !== null,
  },
  {
    title: 'peak RSS MB',
    cell: (run) => megabytes(run, 'browser-process-rss'),
    isFor: ({ resources }) => resources.memoryMethod === 'browser-process-rss',
  },
  {
    // What the page holds is no stand-in for what its processes do: a column of its own.
    title: 'page MB',
    cell: (run) => megabytes(run, 'user-agent-specific-memory'),
    isFor: ({ resources }) => resources.memoryMethod === 'user-agent-specific-memory',
  },
  { title: 'detected', cell: (run) => percent(run.quality.detectionRate) },
  { title: 'verdict', cell: (run) => verdict(run) },
];

/** The runs as an aligned text table with a header; columns that concern none of them are left out. */
export function resultsTable(runs: readonly RunSummary[]): string {
  return alignedTable(
    columns.filter(({ isFor }) => !isFor || runs.some(isFor)),
    runs,
  );
}

type MemoryMethod = RunSummary['resources']['memoryMethod'];

/** Of the peak, where it was measured this way. */
function megabytes({ resources, peakMemoryBytes }: RunSummary, method: MemoryMethod): string {
  const isSo = resources.memoryMethod === method && peakMemoryBytes !== null;
  return figure(isSo ? peakMemoryBytes / BYTES_PER_MB : null);
}

function verdict({ verdict: { valid, reasons } }: RunSummary): string {
  return valid ? 'valid' : `invalid: ${reasons.join(', ')}`;
}
