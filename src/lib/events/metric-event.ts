// The wire format: CloudEvents 1.0 in JSON, one parser for browser and server.
// Strings and arrays are bounded, so that a valid event can never carry an image.
import * as v from 'valibot';

/** Media type of a batch of events (CloudEvents 1.0, JSON format §4). */
export const BATCH_MEDIA_TYPE = 'application/cloudevents-batch+json';

/** Limits of one batch, for the uploader and the server alike. */
export const MAX_BATCH_EVENTS = 500;
export const MAX_BATCH_BYTES = 400_000;

/** Frames of one window: 3 s at 480 FPS. A run that is faster cuts its windows shorter. */
export const MAX_WINDOW_FRAMES = 1440;
/** Log buckets of 1 % error from 1 µs to one hour: far more than a real sketch fills. */
const MAX_SKETCH_BUCKETS = 1200;
const MAX_NULL_REASONS = 64;

const uuid = v.pipe(v.string(), v.uuid('must be a UUID'));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'));
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** As long as file systems let a name be. */
const fileName = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const sentence = v.pipe(v.string(), v.maxLength(500));
const TIME_RULE = 'must be an ISO 8601 time with a zone';
const isoTime = v.pipe(
  v.string(),
  v.isoTimestamp(TIME_RULE),
  v.check((text) => !Number.isNaN(Date.parse(text)), TIME_RULE),
);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positiveCount = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const durationMs = v.pipe(v.number(), v.finite(), v.minValue(0));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const nonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));

const target = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[a-z0-9-]+\/[a-z0-9._-]+@[a-z0-9-]+$/, 'must be engine/model@backend'),
);
const scenario = v.picklist(['single-stream']);

const source = v.strictObject({
  kind: v.picklist(['actor', 'clip', 'images']),
  name: fileName,
  sha256,
  widthPx: positiveCount,
  heightPx: positiveCount,
  frameCount: count,
  framesDigest: sha256,
});

const frameCounts = v.pipe(
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

const latencySketch = v.nullable(
  v.strictObject({
    relativeError: fraction,
    count: positiveCount,
    sumMs: durationMs,
    minMs: durationMs,
    maxMs: durationMs,
    zeroCount: count,
    buckets: v.pipe(
      v.array(v.tuple([v.pipe(v.number(), v.safeInteger()), positiveCount])),
      v.maxLength(MAX_SKETCH_BUCKETS),
    ),
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

const confidenceSummary = v.strictObject({
  p10: v.nullable(fraction),
  p50: v.nullable(fraction),
  p90: v.nullable(fraction),
});

const options = v.strictObject({
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

const adapter = v.strictObject({
  name: v.nullable(sentence),
  software: v.nullable(v.boolean()),
});

const environment = v.strictObject({
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

/**
 * What events of the first days lack, which may still wait in somebody's outbox: MediaPipe was all there
 * was, and ran like this.
 */
const sinceOptions = {
  options: v.optional(options, { threads: null, maxPoses: 1, tracking: true, smoothing: true }),
  environment: v.strictObject({
    ...environment.entries,
    threadsUsed: v.optional(v.nullable(positiveCount), null),
    adapter: v.optional(v.nullable(adapter), null),
  }),
};

/** A run has begun: what is measured, on what. */
const runStartedData = v.strictObject({
  startedAt: isoTime,
  target,
  scenario,
  source,
  /** Frames the run means to process. */
  plannedFrames: count,
  windowMs: durationMs,
  ...sinceOptions,
});

/** One tumbling window of a run. Durations in ms; per-frame arrays have one entry per processed frame. */
const runWindowData = v.pipe(
  v.strictObject({
    /** From 0, without gaps. */
    index: count,
    /** From the run's start to this window's, wall time. */
    startMs: durationMs,
    wallDurationMs: durationMs,
    mediaDurationMs: durationMs,
    widthPx: positiveCount,
    heightPx: positiveCount,
    frames: frameCounts,
    latencyMs: v.strictObject({
      endToEnd: v.pipe(v.array(durationMs), v.maxLength(MAX_WINDOW_FRAMES)),
    }),
    sketches: v.strictObject({
      endToEnd: latencySketch,
      engine: latencySketch,
      decode: latencySketch,
      transfer: latencySketch,
      preprocess: latencySketch,
      inference: latencySketch,
      postprocess: latencySketch,
    }),
    confidence: confidenceSummary,
    meanVisibility: v.nullable(fraction),
    /** Frames waiting when the window closed; 0 in `single-stream`, which never queues. */
    queueDepth: count,
  }),
  v.forward(
    v.check(
      (it) => it.latencyMs.endToEnd.length === it.frames.processed,
      'must have one latency per processed frame',
    ),
    ['latencyMs', 'endToEnd'],
  ),
);

const envelope = {
  specversion: v.literal('1.0'),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}\/\d{1,9}$/, 'must be <runId>/<sequence>')),
  source: v.pipe(
    v.string(),
    v.regex(
      /^\/devices\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      'must be /devices/<deviceId>, a UUID',
    ),
  ),
  subject: uuid,
  time: isoTime,
  datacontenttype: v.literal('application/json'),
};

/** Every event that Kinemark sends or accepts. */
export const metricEventSchema = v.pipe(
  v.variant('type', [
    v.strictObject({
      ...envelope,
      type: v.literal('kinemark.run.started.v1'),
      data: runStartedData,
    }),
    v.strictObject({
      ...envelope,
      type: v.literal('kinemark.run.window.v1'),
      data: runWindowData,
    }),
    v.strictObject({
      ...envelope,
      type: v.literal('kinemark.run.finished.v1'),
      data: v.strictObject({ ...runSummarySchema.entries, ...sinceOptions }),
    }),
  ]),
  v.forward(
    v.check((event) => event.id.startsWith(`${event.subject}/`), 'must begin with the subject'),
    ['id'],
  ),
  v.forward(
    v.check(
      (event) => event.type !== 'kinemark.run.finished.v1' || event.data.runId === event.subject,
      'must be the subject',
    ),
    ['data', 'runId'],
  ),
);

export type MetricEvent = v.InferOutput<typeof metricEventSchema>;
export type RunStartedEvent = Extract<MetricEvent, { type: 'kinemark.run.started.v1' }>;
export type RunWindowEvent = Extract<MetricEvent, { type: 'kinemark.run.window.v1' }>;
export type RunFinishedEvent = Extract<MetricEvent, { type: 'kinemark.run.finished.v1' }>;
export type RunStarted = RunStartedEvent['data'];
export type RunWindow = RunWindowEvent['data'];
export type RunSummaryData = RunFinishedEvent['data'];

/** What is wrong with one event of a batch: its position, the dotted path inside it, and why. */
export type EventFault = {
  readonly index: number;
  readonly path: string;
  readonly message: string;
};

/** A batch that was read whole, or every fault found in it; never a part of it. */
export type ParsedBatch =
  | { readonly ok: true; readonly events: readonly MetricEvent[] }
  | { readonly ok: false; readonly faults: readonly EventFault[] };

/** Reads a decoded JSON value as a batch of events. Does not throw on bad input. */
export function parseBatch(value: unknown): ParsedBatch {
  if (!Array.isArray(value)) {
    return batchFault('a batch is a JSON array of events');
  }
  if (value.length === 0 || value.length > MAX_BATCH_EVENTS) {
    return batchFault(`a batch holds 1 to ${MAX_BATCH_EVENTS} events, not ${value.length}`);
  }
  const events: MetricEvent[] = [];
  const faults: EventFault[] = [];
  for (const [index, item] of value.entries()) {
    const parsed = v.safeParse(metricEventSchema, item);
    if (parsed.success) events.push(parsed.output);
    else {
      for (const issue of parsed.issues) {
        faults.push({ index, path: v.getDotPath(issue) ?? '', message: issue.message });
      }
    }
  }
  return faults.length === 0 ? { ok: true, events } : { ok: false, faults };
}

function batchFault(message: string): ParsedBatch {
  return { ok: false, faults: [{ index: -1, path: '', message }] };
}
