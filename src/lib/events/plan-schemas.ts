// What was asked of a run; mirrors benchmark/run-plan.ts. A link and a plan file are read with it too.
import * as v from 'valibot';
import { options } from './environment-schemas.ts';
import { MAX_UINT32, count, durationMs, fileName, positiveCount, sha256 } from './field-schemas.ts';

export const target = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[a-z0-9-]+\/[a-z0-9._-]+@[a-z0-9-]+$/, 'must be engine/model@backend'),
);
export const scenario = v.picklist(['single-stream', 'offline', 'live', 'multi-stream']);
export const sourceKind = v.picklist(['actor', 'clip', 'images', 'camera']);

/** As in benchmark/run-plan.ts, which no event brings with it. */
const MIN_RUN_MS = 1000;
const MAX_RUN_MS = 3_600_000;
const MAX_PLANNED_STREAMS = 64;
const MAX_THREADS = 256;
const MAX_POSES = 100;

export const recipe = v.strictObject({
  target,
  options: v.strictObject({
    ...options.entries,
    threads: v.nullable(v.pipe(positiveCount, v.maxValue(MAX_THREADS))),
    maxPoses: v.pipe(positiveCount, v.maxValue(MAX_POSES)),
  }),
  scenario,
  settings: v.strictObject({
    durationMs: v.nullable(v.pipe(durationMs, v.minValue(MIN_RUN_MS), v.maxValue(MAX_RUN_MS))),
    findMaxFps: v.boolean(),
    streams: v.nullable(v.pipe(positiveCount, v.maxValue(MAX_PLANNED_STREAMS))),
  }),
  source: v.strictObject({
    kind: sourceKind,
    name: fileName,
    framesDigest: v.nullable(sha256),
  }),
  maxFrames: v.nullable(positiveCount),
  seed: v.pipe(count, v.maxValue(MAX_UINT32)),
  minDurationMs: durationMs,
});
