// The steady part of a run's samples, and how well its figures are known.
import { bootstrapInterval } from '../metrics/bootstrap-interval.ts';
import type { Interval } from '../metrics/bootstrap-interval.ts';
import { summariseLatencies } from '../metrics/distribution.ts';
import { driftInterval } from '../metrics/drift.ts';
import { findSteadyState } from '../metrics/steady-state.ts';
import { coefficientOfVariation } from '../metrics/variation.ts';
import type { FrameSample } from './run-result.ts';
import type { SteadyStateSummary } from './steady-summary.ts';

const MS_PER_SECOND = 1000;

/**
 * The steady state of samples in the order in which they were done; null when latency never settled. It is
 * looked for in the engine's own time on the first stream: neither a decoder nor a queue is the target's.
 */
export function steadyStateOf(
  samples: readonly FrameSample[],
  seed: number,
): SteadyStateSummary | null {
  const firstStream = samples.filter(({ stream }) => stream === 0);
  const warmupFrames = findSteadyState(firstStream.map(({ engineMs }) => engineMs));
  if (warmupFrames === null) return null;
  const warmupMs = firstStream[warmupFrames - 1]?.doneMs ?? 0;
  const steady = samples.filter(({ doneMs }) => doneMs > warmupMs);
  const latencies = steady.map(({ endToEndMs }) => endToEndMs);
  const latencyMs = summariseLatencies(latencies);
  const variation = coefficientOfVariation(latencies);
  if (!latencyMs || variation === null) return null;
  return {
    warmupFrames: samples.length - steady.length,
    warmupMs,
    frames: steady.length,
    latencyMs,
    variation,
    effectiveFps: rateInterval(steady, warmupMs, seed),
    latencyP50Ms: bootstrapInterval(latencies, 0.5, { seed }),
    latencyP90Ms: latencyMs.p90 === null ? null : bootstrapInterval(latencies, 0.9, { seed }),
    drift: driftInterval(
      steady.filter(({ stream }) => stream === 0).map(({ engineMs }) => engineMs),
      { seed },
    ),
  };
}

/** Frames per second, from the mean time between two results. */
function rateInterval(
  steady: readonly FrameSample[],
  startMs: number,
  seed: number,
): Interval | null {
  const gaps = steady.map(({ doneMs }, i) => doneMs - (steady[i - 1]?.doneMs ?? startMs));
  const gapMs = bootstrapInterval(gaps, 'mean', { seed });
  if (!gapMs || gapMs.low <= 0) return null;
  const { estimate, low, high, confidence } = gapMs;
  return {
    estimate: MS_PER_SECOND / estimate,
    low: MS_PER_SECOND / high,
    high: MS_PER_SECOND / low,
    confidence,
  };
}
