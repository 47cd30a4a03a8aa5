// What is told of a whole run, and the parts of it that other events tell as well.
import * as v from 'valibot';
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

const MAX_NULL_REASONS = 64;

export const target = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[a-z0-9-]+\/[a-z0-9._-]+@[a-z0-9-]+$/, 'must be engine/model@backend'),
);
export const scenario = v.picklist(['single-stream']);

export const source = v.strictObject({
  kind: v.picklist(['actor', 'clip', 'images']),
  name: fileName,
  sha256,
  widthPx: positiveCount,
  heightPx: positiveCount,
  frameCount: count,
  framesDigest: sha256,
});

export const frameCounts = v.pipe(
  v.strictObject({ decoded: count, processed: count, dropped: count, detected: count }),
  v.check((f) => f.decoded === f.processed + f.dropped, 'decoded must be processed + dropped'),
  v.check((f) => f.detected <= f.processed, 'detected must not exceed processed'),
);

const latencySummary = v.nullable(
  v.strictObject({
    count: positiveCount,
    mean: durationMs,
    min: durationMs,
    max: durationMs,
    p50: durationMs,
    p90: v.nullable(durationMs),
    p95: v.nullable(durationMs),
    p99: v.nullable(durationMs),
  }),
);

const verdict = v.pipe(
  v.strictObject({
    valid: v.boolean(),
    reasons: v.pipe(
      v.array(
        v.picklist([
          'too-few-samples',
          'coarse-clock',
          'tab-hidden',
          'frames-lost',
          'source-truncated',
          'backend-fallback',
          'software-adapter',
          'engine-error',
          'cancelled',
        ]),
      ),
      v.maxLength(16),
    ),
  }),
  v.check((it) => it.valid === (it.reasons.length === 0), 'must be valid exactly without reasons'),
);

export const confidenceSummary = v.strictObject({
  p10: v.nullable(fraction),
  p50: v.nullable(fraction),
  p90: v.nullable(fraction),
});

export const options = v.strictObject({
  threads: v.nullable(positiveCount),
  maxPoses: positiveCount,
  tracking: v.boolean(),
  smoothing: v.boolean(),
});

const cocoAccuracy = v.strictObject({
  images: count,
  people: count,
  ap: v.nullable(fraction),
  ap50: v.nullable(fraction),
  ap75: v.nullable(fraction),
  apMedium: v.nullable(fraction),
  apLarge: v.nullable(fraction),
  ar: v.nullable(fraction),
  ar50: v.nullable(fraction),
  ar75: v.nullable(fraction),
  arMedium: v.nullable(fraction),
  arLarge: v.nullable(fraction),
});

export const adapter = v.strictObject({
  name: v.nullable(sentence),
  software: v.nullable(v.boolean()),
});

export const environment = v.strictObject({
  appVersion: shortText,
  engineVersion: shortText,
  threadsUsed: v.nullable(positiveCount),
  modelSha256: sha256,
  userAgent: sentence,
  browser: v.nullable(shortText),
  platform: v.nullable(shortText),
  logicalCores: positiveCount,
  deviceMemoryGiB: v.nullable(nonNegative),
  crossOriginIsolated: v.boolean(),
  clockResolutionMs: durationMs,
  adapter: v.nullable(adapter),
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
  source,
  frames: frameCounts,
  wallTimeMs: durationMs,
  effectiveFps: v.nullable(nonNegative),
  latencyMs: v.strictObject({
    endToEnd: latencySummary,
    engine: latencySummary,
    decode: latencySummary,
    transfer: latencySummary,
    preprocess: latencySummary,
    inference: latencySummary,
    postprocess: latencySummary,
  }),
  loadMs: v.nullable(durationMs),
  firstInferenceMs: v.nullable(durationMs),
  cpuUtilization: v.nullable(nonNegative),
  peakMemoryBytes: v.nullable(count),
  memoryDeltaBytes: v.nullable(v.pipe(v.number(), v.safeInteger())),
  quality: v.strictObject({
    detectionRate: v.nullable(fraction),
    meanVisibility: v.nullable(fraction),
    confidence: confidenceSummary,
    jitter: v.nullable(nonNegative),
  }),
  accuracy: v.nullable(cocoAccuracy),
  verdict,
  environment,
  nullReasons: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(100)), sentence),
    v.check((it) => Object.keys(it).length <= MAX_NULL_REASONS, 'has too many entries'),
  ),
});
