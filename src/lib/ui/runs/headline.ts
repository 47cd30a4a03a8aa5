// The figures that a run is judged by: of its steady state where there is one, with their intervals, or else
// of all its frames.
import { minSamplesForPercentile } from '../../metrics/early-stopping.ts';
import { formatCount, formatDuration, formatPercent } from '../format.ts';
import type { Range } from './format-range.ts';
import type { RunFindings } from './run-findings.ts';
import { reasonFor } from './run-view.ts';
import type { RunView } from './run-view.ts';

/** One figure, with its interval where it has one. */
export type HeadlineFigure = {
  readonly label: string;
  readonly value: number | null;
  readonly unit: 'FPS' | 'ms';
  readonly range: Range | null;
  /** Why the value is not known. */
  readonly reason: string | undefined;
};

/** The figures, and sentences on which frames they are of and why some are missing. */
export type Headline = {
  readonly figures: readonly HeadlineFigure[];
  /** None while the run goes on. */
  readonly remarks: readonly string[];
};

const percentiles = ['p50', 'p90', 'p95', 'p99'] as const;
type Percentile = (typeof percentiles)[number];
type SteadyState = NonNullable<RunFindings['steadyState']>;

/** The headline of a run. */
export function headlineOf(run: RunView): Headline {
  const steady = run.findings?.steadyState ?? null;
  return {
    figures: [throughputOf(run, steady), ...percentiles.map((p) => latencyOf(run, steady, p))],
    remarks: run.findings ? remarksOf(run, steady) : [],
  };
}

function remarksOf(run: RunView, steady: SteadyState | null): readonly string[] {
  if (run.figures.frames.processed === 0) return [reasonFor(run, 'effectiveFps')];
  const withheld = withheldWords(run, steady);
  return [basisOf(run, steady), ...(withheld === null ? [] : [withheld])];
}

/** Why percentiles are missing, in one sentence for all. */
function withheldWords(run: RunView, steady: SteadyState | null): string | null {
  const latency = steady?.latencyMs ?? run.stages.endToEnd;
  const withheld = percentiles.filter((percentile) => latency && latency[percentile] === null);
  if (!latency || withheld.length === 0) return null;
  const needs = withheld.map(
    (percentile) => `${percentile} needs ${formatCount(samplesFor(percentile))}`,
  );
  return `Too few samples for some percentiles (MLPerf early stopping): ${needs.join(', ')}; there are ${formatCount(latency.count)}.`;
}

function samplesFor(percentile: Percentile): number {
  return minSamplesForPercentile(Number(percentile.slice(1)) / 100);
}

function throughputOf(run: RunView, steady: SteadyState | null): HeadlineFigure {
  const range = steady?.effectiveFps ?? null;
  const value = range?.estimate ?? run.figures.effectiveFps;
  const label = run.scenario === 'multi-stream' ? 'Throughput, all streams' : 'Throughput';
  const reason = value === null ? reasonFor(run, 'effectiveFps') : undefined;
  return { label, value, unit: 'FPS', range, reason };
}

function latencyOf(
  run: RunView,
  steady: SteadyState | null,
  percentile: Percentile,
): HeadlineFigure {
  const value = (steady?.latencyMs ?? run.stages.endToEnd)?.[percentile] ?? null;
  return {
    label: `Latency ${percentile}`,
    value,
    unit: 'ms',
    range: steady && intervalOf(steady, percentile),
    reason: value === null ? whyNoLatency(run, steady, percentile) : undefined,
  };
}

function intervalOf(steady: SteadyState, percentile: Percentile): Range | null {
  if (percentile === 'p50') return steady.latencyP50Ms;
  return percentile === 'p90' ? steady.latencyP90Ms : null;
}

function whyNoLatency(run: RunView, steady: SteadyState | null, percentile: Percentile): string {
  if (!steady) return reasonFor(run, `latencyMs.endToEnd.${percentile}`);
  return `A ${percentile} needs ${samplesFor(percentile)} samples (MLPerf early stopping); the steady state has ${steady.frames}.`;
}

function basisOf(run: RunView, steady: SteadyState | null): string {
  const { processed } = run.figures.frames;
  if (!steady) return `Of all ${formatCount(processed)} frames. ${reasonFor(run, 'steadyState')}`;
  const interval = steady.effectiveFps ?? steady.latencyP50Ms;
  return [
    `Steady state: ${formatCount(steady.frames)} of ${formatCount(processed)} frames, ${warmUpWords(steady)}.`,
    interval
      ? `Ranges are ${formatPercent(interval.confidence).replace(/\D0+$/, '')} % confidence intervals.`
      : 'They are too few for intervals, and the throughput is of all frames.',
  ].join(' ');
}

function warmUpWords({ warmupFrames, warmupMs }: SteadyState): string {
  return warmupFrames === 0
    ? 'without a warm-up'
    : `after a warm-up of ${formatCount(warmupFrames)} in ${formatDuration(warmupMs)}`;
}
