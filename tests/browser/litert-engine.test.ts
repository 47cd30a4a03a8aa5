// The real LiteRT.js in a real worker with our pipeline around it, on the built-in clip whose joints are
// known. Its networks alone: litert-networks.test.ts.
import { afterEach, describe, expect, it } from 'vitest';
import { defaultThreads } from '../../src/lib/engines/default-threads.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import { digestOfFiles } from '../../src/lib/weights/digest-of-files.ts';
import { actorFrame, actorTruth } from './actor-frames.ts';
import { requestFor } from './target-request.ts';

const request = await requestFor('litert/blazepose-lite@wasm');

const engines: PoseEngine[] = [];
function litert(): PoseEngine {
  const engine = createEngineClient('litert');
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

describe('the LiteRT.js engine', () => {
  it('finds the actor where he is, in pixels of the frame', async () => {
    const engine = litert();
    const report = await engine.load(request);
    expect(report).toMatchObject({
      backendUsed: 'wasm',
      threadsUsed: defaultThreads(),
      modelSha256: digestOfFiles(request.files),
    });
    const { poses, engineMs, inferenceMs } = await engine.estimate(await actorFrame(), 0);
    expect(poses).toHaveLength(1);
    expect(inferenceMs).toBeGreaterThan(0);
    expect(engineMs).toBeGreaterThanOrEqual(inferenceMs ?? Infinity);

    const [pose] = poses;
    if (!pose) return;
    expect(oks(toCoco17(pose), await actorTruth())).toBeGreaterThan(0.8);
  });

  it('has as many threads as it was asked for', async () => {
    const engine = litert();
    for (const threads of [1, 2]) {
      const report = await engine.load({ ...request, options: { ...request.options, threads } });
      expect(report.threadsUsed).toBe(threads);
    }
  });

  it('can be loaded again, until it is disposed of', async () => {
    const engine = litert();
    await engine.load(request);
    const first = await engine.estimate(await actorFrame(), 0);
    await engine.load(request);
    const again = await engine.estimate(await actorFrame(), 0);
    expect(again.poses).toEqual(first.poses);
    await engine.dispose();
    await expect(engine.estimate(await actorFrame(), 0)).rejects.toThrow('was disposed of');
  });

  it('refuses weights that are not the catalogued ones', async () => {
    const files = request.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }));
    await expect(litert().load({ ...request, files })).rejects.toThrow(/was refused/);
  });

  it('says which backends this device does not have', async () => {
    await expect(litert().load({ ...request, backend: 'webgl' })).rejects.toThrow(
      'LiteRT.js has no webgl backend. Choose wasm, webgpu or webnn.',
    );
    await expect(litert().load({ ...request, backend: 'webnn' })).rejects.toThrow(
      /^WebNN is not available because .* Choose wasm or webgpu\.$/,
    );
  });
});
