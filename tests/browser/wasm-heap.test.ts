// What the engines' WebAssembly really holds, as their workers see it.
import { expect, it, onTestFinished } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { EngineId } from '../../src/lib/models/model-spec.ts';
import { actorFrame } from './actor-frames.ts';
import { requestFor } from './target-request.ts';

/** No runtime is smaller than this with a model of 3 MB in it, nor larger on so small a network. */
const MIN_HEAP_BYTES = 4e6;
const MAX_HEAP_BYTES = 500e6;

/** Threads have stacks in the shared memory, of a few MB; counted twice, it would be 2. */
const MAX_GROWTH_BY_THREAD = 1.6;

async function heapBytes(engine: EngineId, threads: number): Promise<number> {
  const client = createEngineClient(engine);
  onTestFinished(() => client.dispose());
  expect(await client.wasmHeaps()).toBeNull();
  await client.load(await requestFor(`${engine}/blazepose-lite@wasm`, { threads }));
  const { poses } = await client.estimate(await actorFrame(), 0);
  expect(poses).toHaveLength(1);
  const { sharedBytes, unsharedBytes } = (await client.wasmHeaps()) ?? {};
  return (sharedBytes ?? 0) + (unsharedBytes ?? 0);
}

it.each(['litert', 'ort', 'tfjs', 'mediapipe'] as const)(
  "%s tells its modules' memory",
  async (engine) => {
    const bytes = await heapBytes(engine, 1);
    expect(bytes).toBeGreaterThan(MIN_HEAP_BYTES);
    expect(bytes).toBeLessThan(MAX_HEAP_BYTES);
  },
);

it.each(['litert', 'ort', 'tfjs'] as const)(
  '%s counts the memory that its threads share once',
  async (engine) => {
    const alone = await heapBytes(engine, 1);
    const shared = await heapBytes(engine, 2);
    expect(shared).toBeGreaterThan(MIN_HEAP_BYTES);
    expect(shared / alone).toBeLessThan(MAX_GROWTH_BY_THREAD);
  },
);
