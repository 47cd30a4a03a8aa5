// What events of earlier versions lack, which may still wait in somebody's outbox: each missing field and
// what it is taken for. Leave them until no such event can be waiting any more.
import * as v from 'valibot';
import { earlierAccuracy } from './accuracy-schemas.ts';
import { environment, options, resources } from './environment-schemas.ts';
import { positiveCount } from './field-schemas.ts';
import { runSummarySchema } from './run-summary-schema.ts';

const { entries } = runSummarySchema;
const known = environment.entries;

/** Suites were numbered from the second on. */
const FIRST_SUITE = 1;

/** Before there were options MediaPipe was all there was, and ran like this. Less was known of devices. */
export const sinceOptions = {
  options: v.optional(options, { threads: null, maxPoses: 1, tracking: true, smoothing: true }),
  environment: v.strictObject({
    ...known,
    threadsUsed: v.optional(known.threadsUsed, null),
    adapter: v.optional(known.adapter, null),
    browserVersion: v.optional(known.browserVersion, null),
    platformVersion: v.optional(known.platformVersion, null),
    architecture: v.optional(known.architecture, null),
    deviceModel: v.optional(known.deviceModel, null),
    mobile: v.optional(known.mobile, null),
    power: v.optional(known.power, null),
    visibleAtStart: v.optional(known.visibleAtStart, null),
    wakeLockHeld: v.optional(known.wakeLockHeld, null),
  }),
};

/** Before there were scenarios frames never waited, and nothing was said of steadiness or resources. */
export const sinceScenarios = {
  recipe: v.optional(entries.recipe, null),
  suiteVersion: v.optional(positiveCount, FIRST_SUITE),
  latencyMs: v.strictObject({
    ...entries.latencyMs.entries,
    queue: v.optional(entries.latencyMs.entries.queue, null),
  }),
  steadyState: v.optional(entries.steadyState, null),
  live: v.optional(entries.live, null),
  streams: v.optional(entries.streams, null),
  sustained: v.optional(entries.sustained, null),
  resources: v.optional(resources, {
    cpuMethod: null,
    memoryMethod: null,
    cpuSeconds: null,
    machineUtilization: null,
    wasmHeapBytes: null,
    pressureBefore: null,
    pressureDuring: null,
  }),
  quality: v.strictObject({
    ...entries.quality.entries,
    jitter: v.optional(entries.quality.entries.jitter, null),
    identityKept: v.optional(entries.quality.entries.identityKept, null),
  }),
  accuracy: v.nullable(earlierAccuracy),
  parity: v.optional(entries.parity, null),
  engineRestarts: v.optional(entries.engineRestarts, 0),
};
