// The wire format: CloudEvents 1.0 in JSON. Arrays are bounded, so that a valid event can never carry an image.
import * as v from 'valibot';
import { count, durationMs, fraction, isoTime, positiveCount, uuid } from './field-schemas.ts';
import { sinceOptions, sinceScenarios } from './earlier-events.ts';
import { recipe, scenario, target } from './plan-schemas.ts';
import { confidenceSummary, frameCounts, runSummarySchema, source } from './run-summary-schema.ts';

/** Frames of one window: 3 s at 480 FPS. A run that is faster cuts its windows shorter. */
export const MAX_WINDOW_FRAMES = 1440;
/** Log buckets of 1 % error from 1 µs to one hour: far more than a real sketch fills. */
const MAX_SKETCH_BUCKETS = 1200;

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

/** A run has begun: what is measured, on what. */
const runStartedData = v.strictObject({
  startedAt: isoTime,
  target,
  scenario,
  source,
  /** What to ask for to run it again; null of runs from before it was noted. */
  recipe: v.optional(v.nullable(recipe), null),
  /** Frames the run means to process; null where that depends on time. */
  plannedFrames: v.nullable(count),
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
      queue: v.optional(latencySketch, null),
      transfer: latencySketch,
      preprocess: latencySketch,
      inference: latencySketch,
      postprocess: latencySketch,
    }),
    confidence: confidenceSummary,
    meanVisibility: v.nullable(fraction),
    /** Frames waiting when the window closed; 0 where a frame is only asked for when it is wanted. */
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

/** A run whose tab was closed or crashed before its end, found by a later start on the same device. */
const runInterruptedData = v.strictObject({
  /** When that start found it; the run ended some time before. */
  noticedAt: isoTime,
  /** Windows that the device had written of it: as many as there will be. */
  windows: count,
});

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
      data: v.strictObject({ ...runSummarySchema.entries, ...sinceOptions, ...sinceScenarios }),
    }),
    v.strictObject({
      ...envelope,
      type: v.literal('kinemark.run.interrupted.v1'),
      data: runInterruptedData,
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
export type RunInterruptedEvent = Extract<MetricEvent, { type: 'kinemark.run.interrupted.v1' }>;
export type RunStarted = RunStartedEvent['data'];
export type RunWindow = RunWindowEvent['data'];
export type RunSummaryData = RunFinishedEvent['data'];
export type RunInterrupted = RunInterruptedEvent['data'];
