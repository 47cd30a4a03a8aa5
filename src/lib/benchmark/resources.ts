// What a run used of the device: figures, each named as what it is. Who measures them: the page for itself
// (ui/page-resources.ts), the bench from outside (ui/driver-resources.ts, bench/process-resources.ts).
import type { EngineMemory } from '../engines/pose-engine.ts';

/** How CPU time was measured: Chromium's own account of its processes, which only a driver may read. */
export type CpuMethod = 'browser-process-cpu-time';
/**
 * How memory was measured: what the page and its workers hold by `measureUserAgentSpecificMemory`, with the
 * engines' WebAssembly where the browser leaves that out; or all that the browser's processes do (resident
 * set sizes, added up: what processes share counts in each).
 */
export type MemoryMethod = 'user-agent-specific-memory' | 'browser-process-rss';
/** Compute Pressure's states (W3C), calm first. */
export const pressureStates = ['nominal', 'fair', 'serious', 'critical'] as const;
export type PressureState = (typeof pressureStates)[number];

/** States in which something needs the processor so much that a measurement would suffer. */
export function isBusy(state: PressureState): boolean {
  return state === 'serious' || state === 'critical';
}

/** What was read of the device around and during a run. What cannot be known is null. */
export type ResourceSummary = {
  readonly cpuMethod: CpuMethod | null;
  readonly memoryMethod: MemoryMethod | null;
  /** CPU time of all of the browser's processes between `start` and `stop` of the meter. */
  readonly cpuSeconds: number | null;
  /** CPU seconds per second and logical core, in [0, 1]. */
  readonly machineUtilization: number | null;
  /** Linear memory of the engines' WebAssembly modules after the last frame; it never shrinks. */
  readonly wasmHeapBytes: number | null;
  /** CPU pressure right before the model was loaded, and the worst between first and last frame. */
  readonly pressureBefore: PressureState | null;
  readonly pressureDuring: PressureState | null;
};

/** What a meter read of one run. */
export type ResourceReading = ResourceSummary & {
  /**
   * CPU seconds per second, by the meter's own clock: 1 is one core, busy all the time. The two readings
   * of CPU time lie outside the timed part, so the run's wall time is not what to divide by.
   */
  readonly cpuUtilization: number | null;
  /** The most of the samples. Of a page there are two: it does not see a peak between them. */
  readonly peakMemoryBytes: number | null;
  /** Growth from before the model was loaded to after the last frame. */
  readonly memoryDeltaBytes: number | null;
  /** Why figures are null, each a sentence, under their dotted path in the run's summary. */
  readonly nullReasons: Readonly<Record<string, string>>;
};

/** The engines of a run, still loaded. */
export type MeasuredEngines = {
  readonly engines: readonly EngineMemory[];
  /** Of each; null where the engine does not tell, or on a GPU. */
  readonly threadsUsed: number | null;
};

/** Measures what a run uses, around its timed part and never within. Methods do not reject. */
export type ResourceMeter = {
  /**
   * Before the model is loaded. Some 0.1 s; the first run of a page waits up to 3 s for a sensor, and one
   * that follows another at once up to 3 s for its engine to be gone.
   */
  before(): Promise<void>;
  /**
   * Right before the first frame is asked for. Resolves when the reading is taken, in some ms; whoever
   * cannot wait may go on at once, and the reading is that much late.
   */
  start(): Promise<void>;
  /** When the last frame is done. Resolves when the reading is taken, in some ms. */
  stop(): Promise<void>;
  /** After the last frame, the engines still loaded. Some 0.1 s, and a few seconds at most. */
  read(measured: MeasuredEngines): Promise<ResourceReading>;
};

const NOT_READ = 'It could not be read, or the run broke off before.';

/** The reading of what nobody measured. */
export const nothingRead: ResourceReading = {
  cpuMethod: null,
  memoryMethod: null,
  cpuSeconds: null,
  cpuUtilization: null,
  machineUtilization: null,
  wasmHeapBytes: null,
  pressureBefore: null,
  pressureDuring: null,
  peakMemoryBytes: null,
  memoryDeltaBytes: null,
  nullReasons: {
    cpuUtilization: NOT_READ,
    peakMemoryBytes: NOT_READ,
    memoryDeltaBytes: NOT_READ,
    'resources.cpuSeconds': NOT_READ,
    'resources.machineUtilization': NOT_READ,
    'resources.wasmHeapBytes': NOT_READ,
    'resources.pressureBefore': NOT_READ,
    'resources.pressureDuring': NOT_READ,
  },
};

/** A reading of what was read; what is left out is null, with the reason given for it or a general one. */
export function readingOf(read: Partial<ResourceReading>): ResourceReading {
  const reading = { ...nothingRead, ...read };
  const values: Readonly<Record<string, unknown>> = reading;
  const isUnknown = (path: string): boolean => values[path.replace('resources.', '')] === null;
  const reasons = Object.entries({ ...nothingRead.nullReasons, ...read.nullReasons });
  return {
    ...reading,
    nullReasons: Object.fromEntries(reasons.filter(([path]) => isUnknown(path))),
  };
}
