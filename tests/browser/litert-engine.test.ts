// The real LiteRT.js in a real worker with our pipeline around it, on the built-in clip whose joints are
// known. Its networks alone: litert-networks.test.ts.
import { afterEach, describe, expect, it } from 'vitest';
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import { defaultThreads } from '../../src/lib/engines/default-threads.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { EngineLoadRequest, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import type { ModelFile, PinnedFile } from '../../src/lib/models/model-spec.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import { digestOfFiles } from '../../src/lib/weights/digest-of-files.ts';
import { actorClip } from './made-clips.ts';

const target = findTarget('litert/blazepose-lite@wasm');
const request: EngineLoadRequest = {
  modelId: target.model.id,
  files: target.files.map(pinned),
  pipeline: target.pipeline,
  skeleton: target.model.skeleton,
  backend: target.backend,
  options: defaultEngineOptions,
};

/** Files that the forge builds all have a digest. */
function pinned({ bytes, sha256, ...file }: ModelFile): PinnedFile {
  if (!sha256 || !bytes) throw new Error('The file is not pinned.');
  return { ...file, bytes, sha256 };
}

const engines: PoseEngine[] = [];
function litert(): PoseEngine {
  const engine = createEngineClient('litert');
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

/** The first frame of the actor. */
async function actorFrame(): Promise<VideoFrame> {
  const source = await openClip(await actorClip(), { kind: 'actor', maxFrames: 1 });
  try {
    for await (const { frame } of source.frames()) return frame;
  } finally {
    source.close();
  }
  throw new Error('The actor has no frame.');
}

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

    const { annotations } = (await (await fetch('/clips/actor.gt.json')).json()) as {
      annotations: { image_id: number; keypoints: number[]; area: number }[];
    };
    const truth = annotations.find(({ image_id }) => image_id === 1);
    if (!truth || !poses[0]) throw new Error('There is nothing to compare.');
    const keypoints = Array.from({ length: 17 }, (_, joint) => {
      const [x = 0, y = 0, v = 0] = truth.keypoints.slice(3 * joint);
      return { x, y, v };
    });
    expect(oks(toCoco17(poses[0]), { keypoints, areaPx: truth.area })).toBeGreaterThan(0.8);
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
      /^LiteRT\.js could not start on webnn in this browser: .*\. Choose the wasm backend\.$/,
    );
  });
});
