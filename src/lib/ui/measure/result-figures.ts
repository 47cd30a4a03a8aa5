// The figures of the result card: of the steady state where there is one, and what the scenario is about.
import type { RunSummary } from '../../benchmark/run-result.ts';
import type { Interval } from '../../metrics/bootstrap-interval.ts';
import { formatCount, formatFigure, formatPercent } from '../format.ts';
import { formatRange } from '../runs/format-range.ts';

/** A figure as it is shown; `note` says why it is unknown, or what it means. */
export type ResultFigure = {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly range?: string;
  readonly note?: string | undefined;
};

const VISIBILITY_NOTE = 'How sure the model is of its own joints; not how right it is.';
const OKS_NOTE = 'Against ground truth: 1 is every joint where it really is.';

/** In the order in which they matter. */
export function resultFigures(summary: RunSummary): readonly ResultFigure[] {
  return [
    ...speedFigures(summary),
    ...liveFigures(summary),
    ...accuracyFigures(summary),
    { label: 'Frames processed', value: formatCount(summary.frames.processed) },
    { label: 'Model load', value: formatFigure(summary.loadMs), unit: 'ms' },
  ];
}

function speedFigures({
  steadyState,
  effectiveFps,
  latencyMs,
  nullReasons,
}: RunSummary): readonly ResultFigure[] {
  const latency = steadyState?.latencyMs ?? latencyMs.endToEnd;
  const whyNot = (percentile: number): string | undefined =>
    nullReasons[`latencyMs.*.p${percentile}`] ?? nullReasons['latencyMs.endToEnd'];
  return [
    {
      label: 'Throughput',
      value: formatFigure(steadyState?.effectiveFps?.estimate ?? effectiveFps),
      unit: 'FPS',
      ...rangeOf(steadyState?.effectiveFps),
    },
    {
      label: 'Latency p50',
      value: formatFigure(latency?.p50),
      unit: 'ms',
      ...rangeOf(steadyState?.latencyP50Ms),
    },
    {
      label: 'Latency p90',
      value: formatFigure(latency?.p90),
      unit: 'ms',
      ...rangeOf(steadyState?.latencyP90Ms),
      note: latency?.p90 == null ? whyNot(90) : undefined,
    },
    {
      label: 'Latency p99',
      value: formatFigure(latency?.p99),
      unit: 'ms',
      note: latency?.p99 == null ? whyNot(99) : undefined,
    },
  ];
}

/** Nothing in scenarios whose frames have no deadline. */
function liveFigures({ live, streams, frames }: RunSummary): readonly ResultFigure[] {
  if (!live) return [];
  const searched: readonly ResultFigure[] = streams
    ? [{ label: 'Streams held', value: formatCount(streams.held) }]
    : live.probes.length > 0
      ? [{ label: 'Highest rate held', value: formatFigure(live.maxFps), unit: 'FPS' }]
      : [];
  return [
    ...searched,
    { label: 'Deadlines missed', value: formatPercent(live.missedDeadlines), unit: '%' },
    { label: 'Result age p90', value: formatFigure(live.resultAgeMs?.p90), unit: 'ms' },
    { label: 'Frames dropped', value: formatCount(frames.dropped) },
  ];
}

function accuracyFigures({ quality, accuracy }: RunSummary): readonly ResultFigure[] {
  const found = {
    label: 'Person found in',
    value: formatPercent(quality.detectionRate),
    unit: '%',
  };
  return accuracy
    ? [found, { label: 'Mean OKS', value: formatFigure(accuracy.meanOks), note: OKS_NOTE }]
    : [
        found,
        {
          label: 'Mean visibility',
          value: formatPercent(quality.meanVisibility),
          unit: '%',
          note: VISIBILITY_NOTE,
        },
      ];
}

function rangeOf(interval: Interval | null | undefined): { readonly range?: string } {
  return interval ? { range: formatRange(interval) } : {};
}
