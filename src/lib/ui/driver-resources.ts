// What a program that drives the page reads of the browser's processes, and how the page asks for it.
// The program's half is bench/process-resources.ts.
import type { ResourceMeter, ResourceReading } from '../benchmark/resources.ts';
import { heapProbe } from './resources/heap-probe.ts';
import { createPressureProbe } from './resources/pressure-probe.ts';
import { pagePressure } from './resources/pressure-watch.ts';
import { createResourceMeter } from './resources/resource-probe.ts';
import type { ResourceProbe } from './resources/resource-probe.ts';

/** Under which name a driver puts its half into the page. */
export const DRIVER_RESOURCES = 'kinemarkResources';

/** The steps of a ResourceMeter. */
export type ResourceStep = 'before' | 'start' | 'stop' | 'read';

/** What only a driver can read. */
export type DriverReading = Pick<
  ResourceReading,
  | 'cpuMethod'
  | 'memoryMethod'
  | 'cpuSeconds'
  | 'cpuUtilization'
  | 'machineUtilization'
  | 'peakMemoryBytes'
  | 'memoryDeltaBytes'
  | 'nullReasons'
>;

/** The driver's half: takes the step, and gives the reading at the last one. */
export type DriverResources = (step: ResourceStep) => Promise<DriverReading | null>;

/** The half that a driver put into this page, or null where nobody drives it. */
export function findDriverResources(): DriverResources | null {
  const half = (globalThis as Record<string, unknown>)[DRIVER_RESOURCES];
  return typeof half === 'function' ? (half as DriverResources) : null;
}

/**
 * A meter for one run: CPU time and memory of the browser's processes by the driver; the engines'
 * WebAssembly, and how busy the processor is, by the page.
 */
export function createDriverResources(driver: DriverResources): ResourceMeter {
  async function tell(step: ResourceStep): Promise<void> {
    await driver(step);
  }
  const processProbe: ResourceProbe = {
    before: () => tell('before'),
    start: () => tell('start'),
    stop: () => tell('stop'),
    read: async () => (await driver('read')) ?? {},
  };
  return createResourceMeter([processProbe, createPressureProbe(pagePressure()), heapProbe]);
}
