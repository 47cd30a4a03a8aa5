// How a live or multi-stream run kept up with its source, as figures.
import { formatCount, formatFigure, formatPercent } from '../format.ts';
import type { RunFindings } from './run-findings.ts';
import { reasonFor } from './run-view.ts';
import type { RunView } from './run-view.ts';

/** A figure as it is shown. */
export type LiveFigure = {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  /** Why it is not known, or what it means. */
  readonly note?: string | undefined;
};

type Live = NonNullable<RunFindings['live']>;
type Streams = NonNullable<RunFindings['streams']>;

/** From what was asked for to the details. All are unknown while the run goes on, or when it broke off. */
export function liveFigures(run: RunView): readonly LiveFigure[] {
  const { live, streams } = run.findings ?? { live: null, streams: null };
  return [
    ...(run.scenario === 'multi-stream' ? streamFigures(run, streams) : [highestRate(run, live)]),
    ...deadlineFigures(run, live),
    ...(['p50', 'p90', 'p99'] as const).map((percentile) => resultAge(run, live, percentile)),
  ];
}

function streamFigures(run: RunView, streams: Streams | null): readonly LiveFigure[] {
  const held = streams?.held ?? null;
  return [
    {
      label: 'Streams held',
      value: formatCount(held),
      note:
        held === null
          ? whyNoneHeld(run, streams)
          : 'The most streams of which each missed at most 1 % of its deadlines.',
    },
    {
      label: 'Streams in this run',
      value: formatCount(streams?.streams),
      note: streams ? undefined : reasonFor(run, 'live'),
    },
  ];
}

function whyNoneHeld(run: RunView, streams: Streams | null): string {
  if (!streams) return reasonFor(run, 'live');
  return streams.probes.length > 0
    ? 'Not even one stream was held.'
    : 'More than 1 % of the deadlines were missed, so this many streams were not held.';
}

function highestRate(run: RunView, live: Live | null): LiveFigure {
  const maxFps = live?.maxFps ?? null;
  return {
    label: 'Highest rate held',
    value: formatFigure(maxFps),
    unit: 'FPS',
    note:
      maxFps === null
        ? reasonFor(run, live ? 'live.maxFps' : 'live')
        : 'The highest source rate at which at most 1 % missed their deadline.',
  };
}

function deadlineFigures(run: RunView, live: Live | null): readonly LiveFigure[] {
  const sourceFps = live?.sourceFps ?? null;
  const whyNot = live ? undefined : reasonFor(run, 'live');
  return [
    {
      label: 'Missed deadlines',
      value: formatPercent(live?.missedDeadlines),
      unit: '%',
      note: whyNot ?? 'Frames that were dropped, or whose result came too late.',
    },
    { label: 'Late results', value: formatCount(live?.lateFrames), note: whyNot },
    { label: 'Deadline', value: formatFigure(live?.deadlineMs), unit: 'ms', note: whyNot },
    {
      label: run.scenario === 'multi-stream' ? 'Source rate, each' : 'Source rate',
      value: formatFigure(sourceFps),
      unit: 'FPS',
      note: whyNot ?? (sourceFps === null ? 'The source gave fewer than two frames.' : undefined),
    },
  ];
}

function resultAge(run: RunView, live: Live | null, percentile: 'p50' | 'p90' | 'p99'): LiveFigure {
  const age = live?.resultAgeMs?.[percentile] ?? null;
  return {
    label: `Result age ${percentile}`,
    value: formatFigure(age),
    unit: 'ms',
    note:
      age === null
        ? reasonFor(run, live ? `latencyMs.*.${percentile}` : 'live')
        : 'From the moment a frame was due to its result being usable.',
  };
}
