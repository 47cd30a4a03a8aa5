// The course of a run of many minutes, in spans.
import { findChangePoints } from '../metrics/change-points.ts';
import { plateauOf } from '../metrics/plateau.ts';
import { quantile, sortedSamples } from '../metrics/quantile.ts';
import type { FrameSample } from './run-result.ts';
import type { SustainedSpan, SustainedSummary } from './sustained-summary.ts';

/** Shorter runs show nothing of a device growing warm: a first minute, and another to compare it with. */
export const MIN_SUSTAINED_MS = 120_000;

/** Long enough for hundreds of frames, short enough to see when a device began to slow down. */
const SPAN_MS = 10_000;
/** An event holds no more; a run of more than an hour has longer spans. */
const MAX_SPANS = 360;
const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1000;

/**
 * The course of samples in the order in which they were done; null for runs that are too short. The last
 * span, which is shorter than the others, is left out.
 */
export function sustainedOf(samples: readonly FrameSample[]): SustainedSummary | null {
  const wallTimeMs = samples.at(-1)?.doneMs ?? 0;
  if (wallTimeMs < MIN_SUSTAINED_MS) return null;
  const spanMs = SPAN_MS * Math.ceil(wallTimeMs / (SPAN_MS * MAX_SPANS));
  const spans = spansOf(samples, spanMs, Math.floor(wallTimeMs / spanMs));
  const levels = spans.map(({ latencyP50Ms }) => latencyP50Ms);
  const changes = findChangePoints(levels);
  const plateau = plateauOf(levels, changes, Math.max(1, MS_PER_MINUTE / spanMs));
  if (!plateau) return null;
  const { firstLevel, plateauLevel } = plateau;
  return {
    spans,
    changePointsMs: changes.flatMap((span) => spans[span]?.startMs ?? []),
    firstMinuteMs: firstLevel,
    plateauMs: plateauLevel,
    plateauRatio: firstLevel / plateauLevel,
  };
}

/** Whole spans that have frames; one in which the device stood still is left out. */
function spansOf(samples: readonly FrameSample[], spanMs: number, count: number): SustainedSpan[] {
  const bins = Array.from({ length: count }, (): number[] => []);
  for (const { doneMs, endToEndMs } of samples) bins[Math.floor(doneMs / spanMs)]?.push(endToEndMs);
  return bins.flatMap((latencies, span) => {
    const latencyP50Ms = quantile(sortedSamples(latencies), 0.5);
    if (latencyP50Ms === null) return [];
    return {
      startMs: span * spanMs,
      frames: latencies.length,
      effectiveFps: (latencies.length * MS_PER_SECOND) / spanMs,
      latencyP50Ms,
    };
  });
}
