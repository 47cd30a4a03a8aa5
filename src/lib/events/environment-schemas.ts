// What is told of the device and software under a run; mirrors benchmark/environment.ts and resources.ts.
import * as v from 'valibot';
import {
  count,
  durationMs,
  fraction,
  nonNegative,
  positiveCount,
  sentence,
  sha256,
  shortText,
} from './field-schemas.ts';

/** How the engine runs the model; mirrors engines/pose-engine.ts. */
export const options = v.strictObject({
  threads: v.nullable(positiveCount),
  maxPoses: positiveCount,
  tracking: v.boolean(),
  smoothing: v.boolean(),
});

export const adapter = v.strictObject({
  name: v.nullable(sentence),
  software: v.nullable(v.boolean()),
});

const power = v.strictObject({ charging: v.boolean(), level: fraction });

export const environment = v.strictObject({
  appVersion: shortText,
  engineVersion: shortText,
  threadsUsed: v.nullable(positiveCount),
  modelSha256: sha256,
  userAgent: sentence,
  browser: v.nullable(shortText),
  browserVersion: v.nullable(shortText),
  platform: v.nullable(shortText),
  platformVersion: v.nullable(shortText),
  architecture: v.nullable(shortText),
  deviceModel: v.nullable(shortText),
  mobile: v.nullable(v.boolean()),
  logicalCores: positiveCount,
  deviceMemoryGiB: v.nullable(nonNegative),
  crossOriginIsolated: v.boolean(),
  clockResolutionMs: durationMs,
  power: v.nullable(power),
  visibleAtStart: v.nullable(v.boolean()),
  wakeLockHeld: v.nullable(v.boolean()),
  adapter: v.nullable(adapter),
});

const pressure = v.nullable(v.picklist(['nominal', 'fair', 'serious', 'critical']));

export const resources = v.strictObject({
  cpuMethod: v.nullable(v.picklist(['browser-process-cpu-time'])),
  memoryMethod: v.nullable(v.picklist(['user-agent-specific-memory', 'browser-process-rss'])),
  cpuSeconds: v.nullable(nonNegative),
  machineUtilization: v.nullable(fraction),
  wasmHeapBytes: v.nullable(count),
  pressureBefore: pressure,
  pressureDuring: pressure,
});
