// What an engine leaves behind: a page that loads and disposes of models all day must not grow.
import { expect, it, onTestFinished } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { engineIds } from '../../src/lib/models/model-spec.ts';
import { actorFrame } from './actor-frames.ts';
import { memoryBytes } from './memory-bytes.ts';
import { requestFor } from './target-request.ts';

const ROUNDS = 20;
const MAX_GROWTH_BYTES = 10e6;
const SETTLE_LIMIT_MS = 20_000;
const LIMIT_MS = 300_000;

it.each(engineIds)(
  '%s holds no more after 20 rounds of load, estimate and dispose than after the first',
  async (engine) => {
    // Threads that sleep hold up every measurement for a minute; they hold no memory of their own.
    const request = await requestFor(`${engine}/blazepose-lite@wasm`, { threads: 1 });
    const frame = await actorFrame();
    onTestFinished(() => frame.close());
    let firstBytes = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const client = createEngineClient(engine);
      await client.load(request);
      const { poses } = await client.estimate(frame.clone(), 0);
      expect(poses).toHaveLength(1);
      await client.dispose();
      if (round === 1) firstBytes = await memoryBytes();
    }
    // A leak stays; what the collector has not come to yet is gone from a later measurement.
    await expect
      .poll(async () => (await memoryBytes()) - firstBytes, { timeout: SETTLE_LIMIT_MS })
      .toBeLessThan(MAX_GROWTH_BYTES);
  },
  LIMIT_MS,
);
