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

export const recipe = v.strictObject({
  target,
  options,
  scenario,
  settings: v.strictObject({
    durationMs: v.nullable(durationMs),
    findMaxFps: v.boolean(),
    streams: v.nullable(positiveCount),
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
