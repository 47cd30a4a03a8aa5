// How a run went from a cold start to its steady state, as facts.
import { formatCount, formatDuration, formatFigure, formatPercent } from '../format.ts';
import type { Fact } from './facts.ts';
import { formatChange, formatRange } from './format-range.ts';
import type { RunFindings } from './run-findings.ts';
import { reasonFor } from './run-view.ts';
import type { RunView } from './run-view.ts';

type SteadyState = NonNullable<RunFindings['steadyState']>;

const PERCENT = 100;

/** Load, first inference, warm-up and steady state, apart. */
export function courseFacts(run: RunView): readonly Fact[] {
  const { loadMs, firstInferenceMs, wallTimeMs } = run.figures;
  return [
    duration(run, 'Model load', 'loadMs', loadMs),
    duration(run, 'First inference', 'firstInferenceMs', firstInferenceMs),
    ...steadyFacts(run, run.findings?.steadyState ?? null),
    {
      label: 'Wall time',
      value: wallTimeMs === null ? null : formatDuration(wallTimeMs),
      note: wallTimeMs === null ? reasonFor(run, 'wallTimeMs') : undefined,
    },
  ];
}

function duration(run: RunView, label: string, path: string, durationMs: number | null): Fact {
  return durationMs === null
    ? { label, value: null, note: reasonFor(run, path) }
    : { label, value: formatFigure(durationMs), unit: 'ms' };
}

function steadyFacts(run: RunView, steady: SteadyState | null): readonly Fact[] {
  if (!steady) {
    return [
      { label: 'Warm-up and steady state', value: null, note: reasonFor(run, 'steadyState') },
    ];
  }
  const { warmupFrames, warmupMs, frames, variation, drift } = steady;
  return [
    {
      label: 'Warm-up',
      value: formatCount(warmupFrames),
      unit: 'frames',
      detail: warmupFrames === 0 ? undefined : `in ${formatDuration(warmupMs)}`,
    },
    { label: 'Steady state', value: formatCount(frames), unit: 'frames' },
    {
      label: 'Variation',
      value: formatPercent(variation),
      unit: '%',
      note: 'Standard deviation of steady end-to-end latency over its mean.',
    },
    drift
      ? {
          label: 'Drift',
          value: formatChange(drift.estimate * PERCENT),
          unit: '%',
          detail: formatRange({ low: drift.low * PERCENT, high: drift.high * PERCENT }),
          note: 'Change of the engine’s time from the first third of the steady state to the last: + is slower.',
        }
      : { label: 'Drift', value: null, note: 'The steady frames are too few for it.' },
  ];
}
