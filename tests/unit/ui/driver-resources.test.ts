import { afterEach, describe, expect, it } from 'vitest';
import type { MeasuredEngines } from '../../../src/lib/benchmark/resources.ts';
import {
  DRIVER_RESOURCES,
  createDriverResources,
  findDriverResources,
} from '../../../src/lib/ui/driver-resources.ts';
import type { DriverReading, ResourceStep } from '../../../src/lib/ui/driver-resources.ts';

const reading: DriverReading = {
  cpuMethod: 'browser-process-cpu-time',
  memoryMethod: null,
  cpuSeconds: 3,
  cpuUtilization: 1.5,
  machineUtilization: 0.75,
  peakMemoryBytes: null,
  memoryDeltaBytes: null,
  nullReasons: { peakMemoryBytes: 'No /proc.' },
};

/** Two engines: one with memory that its threads share, one without WebAssembly. */
const measured: MeasuredEngines = {
  threadsUsed: 2,
  engines: [{ sharedBytes: 5, unsharedBytes: 7 }, null].map((heaps) => ({
    wasmHeaps: async () => heaps,
    hastenCollection: async () => undefined,
  })),
};

afterEach(() => {
  Reflect.deleteProperty(globalThis, DRIVER_RESOURCES);
});

describe('a meter with a driver', () => {
  it('asks it step by step, and adds what the page knows', async () => {
    const steps: ResourceStep[] = [];
    const meter = createDriverResources(async (step) => {
      steps.push(step);
      return step === 'read' ? reading : null;
    });
    await meter.before();
    await meter.start();
    await meter.stop();
    // This test runs without a browser, which alone tells of pressure.
    expect(await meter.read(measured)).toMatchObject({
      ...reading,
      wasmHeapBytes: 12,
      pressureBefore: null,
      pressureDuring: null,
      nullReasons: {
        peakMemoryBytes: 'No /proc.',
        'resources.pressureBefore': expect.stringContaining('Compute Pressure'),
        'resources.pressureDuring': expect.stringContaining('Compute Pressure'),
      },
    });
    expect(steps).toEqual(['before', 'start', 'stop', 'read']);
  });

  it('does not fail with its driver', async () => {
    const meter = createDriverResources(() => Promise.reject(new Error('It is gone.')));
    await meter.before();
    await meter.start();
    await meter.stop();
    expect(await meter.read(measured)).toMatchObject({ cpuSeconds: null, wasmHeapBytes: 12 });
  });

  it('tells nothing of WebAssembly where an engine has ended', async () => {
    const ended = { ...measured.engines[0], wasmHeaps: () => Promise.reject(new Error('Ended.')) };
    const meter = createDriverResources(async () => reading);
    const { wasmHeapBytes, nullReasons } = await meter.read({
      engines: [...measured.engines, { hastenCollection: async () => undefined, ...ended }],
      threadsUsed: 1,
    });
    expect(wasmHeapBytes).toBeNull();
    expect(nullReasons['resources.wasmHeapBytes']).toContain('had ended');
  });
});

it('a driver is found where it put its half', () => {
  expect(findDriverResources()).toBeNull();
  const half = async () => null;
  Object.assign(globalThis, { [DRIVER_RESOURCES]: half });
  expect(findDriverResources()).toBe(half);
});
