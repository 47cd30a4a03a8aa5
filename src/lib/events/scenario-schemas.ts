// What a run's scenario and its course came to; mirrors live-summary.ts, steady-summary.ts and
// sustained-summary.ts in benchmark/.
import * as v from 'valibot';
import { count, durationMs, fraction, nonNegative, positiveCount } from './field-schemas.ts';

/** A search halves its bracket, so it has few trials. */
const MAX_PROBES = 64;
/** An hour in spans of ten seconds. */
const MAX_SPANS = 360;

const latencies = v.strictObject({
  count: positiveCount,
  mean: durationMs,
  min: durationMs,
  max: durationMs,
  p50: durationMs,
  p90: v.nullable(durationMs),
  p95: v.nullable(durationMs),
  p99: v.nullable(durationMs),
});
export const latencySummary = v.nullable(latencies);

const finite = v.pipe(v.number(), v.finite());
const interval = v.nullable(
  v.strictObject({ estimate: finite, low: finite, high: finite, confidence: fraction }),
);

export const steadyState = v.nullable(
  v.strictObject({
    warmupFrames: count,
    warmupMs: durationMs,
    frames: positiveCount,
    latencyMs: latencies,
    variation: nonNegative,
    effectiveFps: interval,
    latencyP50Ms: interval,
    latencyP90Ms: interval,
    drift: interval,
  }),
);

const probes = v.pipe(
  v.array(v.strictObject({ value: nonNegative, missedDeadlines: fraction })),
  v.maxLength(MAX_PROBES),
);

export const live = v.nullable(
  v.strictObject({
    sourceFps: v.nullable(nonNegative),
    deadlineMs: durationMs,
    lateFrames: count,
    missedDeadlines: v.nullable(fraction),
    resultAgeMs: latencySummary,
    maxFps: v.nullable(nonNegative),
    probes,
  }),
);

export const streams = v.nullable(
  v.strictObject({ streams: positiveCount, held: v.nullable(positiveCount), probes }),
);

export const sustained = v.nullable(
  v.strictObject({
    spans: v.pipe(
      v.array(
        v.strictObject({
          startMs: durationMs,
          frames: positiveCount,
          effectiveFps: nonNegative,
          latencyP50Ms: durationMs,
        }),
      ),
      v.maxLength(MAX_SPANS),
    ),
    changePointsMs: v.pipe(v.array(durationMs), v.maxLength(MAX_SPANS)),
    firstMinuteMs: durationMs,
    plateauMs: durationMs,
    plateauRatio: nonNegative,
  }),
);
