// What a page can read of its own resources. What it cannot, a driver reads (driver-resources.ts).
import type { ResourceMeter } from '../benchmark/resources.ts';
import { noCpuTime } from './resources/cpu-time.ts';
import { heapProbe } from './resources/heap-probe.ts';
import { createMemoryProbe } from './resources/memory-probe.ts';
import { createPressureProbe } from './resources/pressure-probe.ts';
import { pagePressure } from './resources/pressure-watch.ts';
import { createResourceMeter } from './resources/resource-probe.ts';

/**
 * A meter for one run: the page's memory, the engines' WebAssembly, how busy the processor is. The memory
 * is known of runs without threads only.
 */
export function createPageResources(): ResourceMeter {
  const pressureProbe = createPressureProbe(pagePressure());
  return createResourceMeter([createMemoryProbe(), pressureProbe, heapProbe, noCpuTime]);
}
