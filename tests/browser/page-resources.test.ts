// What the page reads of its own resources, with real engines in it.
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { MeasuredEngines } from '../../src/lib/benchmark/resources.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { EngineId } from '../../src/lib/models/model-spec.ts';
import { createPageResources } from '../../src/lib/ui/page-resources.ts';
import { actorFrame } from './actor-frames.ts';
import { memoryBytes } from './memory-bytes.ts';
import { requestFor } from './target-request.ts';

/** A thread that was left asleep holds up an answer for a minute. */
const SETTLE_LIMIT_MS = 120_000;

async function loaded(engine: EngineId, threads: number): Promise<MeasuredEngines> {
  const client = createEngineClient(engine);
  onTestFinished(() => client.dispose());
  const request = await requestFor(`${engine}/blazepose-lite@wasm`, { threads });
  const { threadsUsed } = await client.load(request);
  await client.estimate(await actorFrame(), 0);
  return { engines: [client], threadsUsed };
}

// What ended in the file before is gone when the browser has answered.
beforeAll(async () => {
  await memoryBytes();
}, SETTLE_LIMIT_MS);

describe('the memory of a page', () => {
  it.each(['litert', 'ort', 'tfjs', 'mediapipe'] as const)(
    'grows by at least what the WebAssembly of %s holds',
    async (engine) => {
      const meter = createPageResources();
      await meter.before();
      const reading = await meter.read(await loaded(engine, 1));
      expect(reading).toMatchObject({
        memoryMethod: 'user-agent-specific-memory',
        cpuMethod: null,
        cpuSeconds: null,
      });
      const { wasmHeapBytes, peakMemoryBytes, memoryDeltaBytes } = reading;
      expect(memoryDeltaBytes).toBeGreaterThan(0.9 * (wasmHeapBytes ?? Infinity));
      expect(peakMemoryBytes).toBeGreaterThan(memoryDeltaBytes ?? Infinity);
      expect(Object.keys(reading.nullReasons)).not.toContain('peakMemoryBytes');
    },
  );

  it('is not waited for where threads sleep, and the reason is told', async () => {
    const meter = createPageResources();
    await meter.before();
    const reading = await meter.read(await loaded('litert', 2));
    expect(reading).toMatchObject({ peakMemoryBytes: null, memoryDeltaBytes: null });
    expect(reading.wasmHeapBytes).toBeGreaterThan(0);
    expect(reading.nullReasons['peakMemoryBytes']).toContain('threads sleep');
    expect(reading.nullReasons['resources.wasmHeapBytes']).toBeUndefined();
  });

  it('and of an engine that has ended nothing is told', async () => {
    const client = createEngineClient('mediapipe');
    await client.dispose();
    const reading = await createPageResources().read({ engines: [client], threadsUsed: 1 });
    expect(reading.wasmHeapBytes).toBeNull();
    expect(reading.nullReasons['resources.wasmHeapBytes']).toContain('had ended');
  });
});
