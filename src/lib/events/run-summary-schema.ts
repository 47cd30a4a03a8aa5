// What is told of a whole run; mirrors benchmark/run-result.ts. Its larger parts have files of their own.
import * as v from 'valibot';
import { accuracy, parity } from './accuracy-schemas.ts';
import { environment, options, resources } from './environment-schemas.ts';
import {
  count,
  durationMs,
  fileName,
  fraction,
  isoTime,
  nonNegative,
  positiveCount,
  sentence,
  sha256,
  shortText,
  uuid,
} from './field-schemas.ts';
import { recipe, scenario, sourceKind, target } from './plan-schemas.ts';
import { latencySummary, live, steadyState, streams, sustained } from './scenario-schemas.ts';

const MAX_NULL_REASONS = 64;

export const source = v.strictObject({
  kind: sourceKind,
  name: fileName,
  sha256: v.nullable(sha256),
  widthPx: positiveCount,
  heightPx: positiveCount,
  frameCount: v.nullable(count),
  framesDigest: v.nullable(sha256),
});

export const frameCounts = v.pipe(
  v.strictObject({ decoded: count, processed: count, dropped: count, detected: count }),
  v.check((f) => f.decoded === f.processed + f.dropped, 'decoded must be processed + dropped'),
  v.check((f) => f.detected <= f.processed, 'detected must not exceed processed'),
);

const verdict = v.pipe(
  v.strictObject({
    valid: v.boolean(),
    reasons: v.pipe(
      v.array(
        v.picklist([
          'too-few-samples',
          'too-short',
          'unsteady',
          'latency-drift',
          'device-busy',
          'coarse-clock',
          'tab-hidden',
          'frames-lost',
          'source-truncated',
          'source-changed',
          'backend-fallback',
          'software-adapter',
          'parity-failed',
          'wrong-poses',
          'engine-restarted',
          'engine-error',
          'cancelled',
        ]),
      ),
      v.maxLength(17),
    ),
  }),
  v.check((it) => it.valid === (it.reasons.length === 0), 'must be valid exactly without reasons'),
);

export const confidenceSummary = v.strictObject({
  p10: v.nullable(fraction),
  p50: v.nullable(fraction),
  p90: v.nullable(fraction),
});

const quality = v.strictObject({
  detectionRate: v.nullable(fraction),
  meanVisibility: v.nullable(fraction),
  confidence: confidenceSummary,
  jitter: v.nullable(nonNegative),
  identityKept: v.nullable(fraction),
});

/** One row of `results.json` and the whole of a finished event; mirrors benchmark/run-result.ts. */
export const runSummarySchema = v.strictObject({
  runId: uuid,
  startedAt: isoTime,
  outcome: v.picklist(['finished', 'cancelled', 'failed']),
  failure: v.nullable(sentence),
  target,
  engine: shortText,
  model: shortText,
  backend: shortText,
  backendUsed: v.nullable(shortText),
  options,
  scenario,
  recipe: v.nullable(recipe),
  suiteVersion: positiveCount,
  source,
  frames: frameCounts,
  engineRestarts: count,
  wallTimeMs: durationMs,
  effectiveFps: v.nullable(nonNegative),
  latencyMs: v.strictObject({
    endToEnd: latencySummary,
    engine: latencySummary,
    decode: latencySummary,
    queue: latencySummary,
    transfer: latencySummary,
    preprocess: latencySummary,
    inference: latencySummary,
    postprocess: latencySummary,
  }),
  loadMs: v.nullable(durationMs),
  firstInferenceMs: v.nullable(durationMs),
  steadyState,
  live,
  streams,
  sustained,
  cpuUtilization: v.nullable(nonNegative),
  peakMemoryBytes: v.nullable(count),
  memoryDeltaBytes: v.nullable(v.pipe(v.number(), v.safeInteger())),
  resources,
  quality,
  accuracy: v.nullable(accuracy),
  parity,
  verdict,
  environment,
  nullReasons: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(100)), sentence),
    v.check((it) => Object.keys(it).length <= MAX_NULL_REASONS, 'has too many entries'),
  ),
});
