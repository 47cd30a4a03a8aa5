// The real TensorFlow.js with pose-detection in a real worker, on frames of the built-in clip whose joints
// are known: BlazePose, threads, memory, and models that it cannot load.
import * as Comlink from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { BareEngine, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { createTfjsEngine } from '../../src/lib/engines/tfjs/tfjs-engine.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import type { Pose } from '../../src/lib/pose/pose.ts';
import { digestOfFiles } from '../../src/lib/weights/digest-of-files.ts';
import { actorFrame, actorFrames, actorTruth } from './actor-frames.ts';
import { memoryBytes } from './memory-bytes.ts';
import { requestFor } from './target-request.ts';
import type { TfjsDevice } from './tfjs-device.worker.ts';
import { made } from './tfjs-requests.ts';

const LITE = 'tfjs/blazepose-lite@wasm';
/** Loading and disposing must not leave more than this behind. */
const GROWTH_LIMIT_BYTES = 10e6;
const ROUNDS = 20;
/** Threads compete for a small machine's cores. */
const ROUNDS_LIMIT_MS = 180_000;

const engines: BareEngine[] = [];
function tfjs(): PoseEngine {
  const engine = createEngineClient('tfjs');
  engines.push(engine);
  return engine;
}
const workers: Worker[] = [];
function tfjsDevice(): Comlink.Remote<TfjsDevice> {
  const worker = new Worker(new URL('./tfjs-device.worker.ts', import.meta.url), {
    type: 'module',
  });
  workers.push(worker);
  return Comlink.wrap<TfjsDevice>(worker);
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.dispose()));
  for (const worker of workers.splice(0)) worker.terminate();
});

/** The first pose in each frame, at 25 FPS. */
async function follow(engine: PoseEngine, frames: AsyncIterable<VideoFrame>): Promise<Pose[]> {
  const poses: Pose[] = [];
  for await (const frame of frames) {
    const [pose] = (await engine.estimate(frame, poses.length * 40)).poses;
    if (!pose) throw new Error(`Nobody was found in frame ${poses.length}.`);
    poses.push(pose);
  }
  return poses;
}

async function* firstFrameTwice(): AsyncGenerator<VideoFrame, void, void> {
  yield await actorFrame();
  yield await actorFrame();
}

describe("TensorFlow.js' BlazePose", () => {
  it.each(['lite', 'full', 'heavy'])('%s finds the actor where he is', async (variant) => {
    const engine = tfjs();
    const request = await requestFor(`tfjs/blazepose-${variant}@wasm`);
    const report = await engine.load(request);
    expect(report).toMatchObject({
      engineVersion: '2.1.3, TensorFlow.js 4.22.0',
      backendUsed: 'wasm',
      modelSha256: digestOfFiles(request.files),
    });
    expect(report.threadsUsed).toBeGreaterThanOrEqual(1);
    expect(report.loadMs).toBeGreaterThan(0);

    const { poses, engineMs, startedMs, ...stages } = await engine.estimate(await actorFrame(), 0);
    expect(engineMs).toBeGreaterThan(0);
    // On this page's clock: after the call, before the answer.
    expect(startedMs).toBeLessThanOrEqual(performance.now() - engineMs + 1);
    expect(stages).toEqual({ preprocessMs: null, inferenceMs: null, postprocessMs: null });
    expect(poses).toHaveLength(1);
    const [pose] = poses;
    if (!pose) return;
    expect(pose.skeleton).toBe('blazepose-33');
    expect(pose.keypoints).toHaveLength(33);
    expect(pose.score).toBeGreaterThan(0.8);
    expect(pose.score).toBeLessThanOrEqual(1);
    expect(oks(toCoco17(pose), await actorTruth())).toBeGreaterThan(0.8);
  });

  it('follows whom it has found, and forgets when told to', async () => {
    const engine = tfjs();
    await engine.load(await requestFor(LITE));
    const [first, followed] = await follow(engine, firstFrameTwice());
    expect(followed?.keypoints).not.toEqual(first?.keypoints);
    await engine.reset();
    const [again] = await follow(engine, actorFrames(1));
    expect(again?.keypoints).toEqual(first?.keypoints);
  });

  it('searches each picture anew when it is not to follow', async () => {
    const engine = tfjs();
    await engine.load(await requestFor(LITE, { tracking: false }));
    const [first, second] = await follow(engine, firstFrameTwice());
    expect(second?.keypoints).toEqual(first?.keypoints);
  });

  it('smooths only when asked to', async () => {
    const [plain, smoothed] = [tfjs(), tfjs()];
    await plain.load(await requestFor(LITE));
    await smoothed.load(await requestFor(LITE, { smoothing: true }));
    const rough = await follow(plain, actorFrames(3));
    const smooth = await follow(smoothed, actorFrames(3));
    expect(smooth[0]?.keypoints[0]?.x).toBe(rough[0]?.keypoints[0]?.x);
    expect(smooth[2]?.keypoints).not.toEqual(rough[2]?.keypoints);
  });

  it('closes every frame, also when it fails', async () => {
    // On this page: a frame that was sent to a worker is gone from here, closed or not.
    const engine = createTfjsEngine();
    engines.push(engine);
    const unloaded = await actorFrame();
    await expect(engine.estimate(unloaded, 0)).rejects.toThrow('No model is loaded');
    expect(unloaded.format).toBeNull();
    await engine.load(await requestFor(LITE, { threads: 1 }));
    const frame = await actorFrame();
    expect(frame.format).not.toBeNull();
    await engine.estimate(frame, 0);
    expect(frame.format).toBeNull();
  });
});

describe('what TensorFlow.js cannot load', () => {
  it('says that model.json is damaged', async () => {
    const request = await requestFor(LITE);
    const damaged = await made('landmarks/model.json', '{"format":"graph-mo');
    const files = request.files.map((file) => (file.name === damaged.name ? damaged : file));
    await expect(tfjs().load({ ...request, files })).rejects.toThrow(
      /blazepose-lite because landmarks\/model\.json is damaged.*Fetch or convert/,
    );
  });

  it('says that model.json describes something else', async () => {
    const request = await requestFor(LITE);
    const keras = await made('detector/model.json', '{"modelTopology":{"class_name":"Model"}}');
    const files = request.files.map((file) => (file.name === keras.name ? keras : file));
    await expect(tfjs().load({ ...request, files })).rejects.toThrow(
      /describes no graph model with weights/,
    );
  });

  it('names a shard that is missing', async () => {
    const request = await requestFor(LITE);
    const files = request.files.filter(({ name }) => name !== 'detector/group1-shard2of2.bin');
    await expect(tfjs().load({ ...request, files })).rejects.toThrow(
      /it has no file detector\/group1-shard2of2\.bin.*Add model\.json together/,
    );
  });

  it('notices weights that are shorter than model.json says', async () => {
    const request = await requestFor(LITE);
    const short = await made('detector/group1-shard2of2.bin', new Uint8Array(1000));
    const files = request.files.map((file) => (file.name === short.name ? short : file));
    await expect(tfjs().load({ ...request, files })).rejects.toThrow(
      /^TensorFlow\.js could not load blazepose-lite: .*Choose another/,
    );
  });

  it('refuses a pipeline that it does not have and a backend that it does not have', async () => {
    const request = await requestFor(LITE);
    await expect(tfjs().load({ ...request, pipeline: { kind: 'yolo-pose' } })).rejects.toThrow(
      /cannot run blazepose-lite because its pipeline is yolo-pose/,
    );
    await expect(tfjs().load({ ...request, backend: 'webnn' })).rejects.toThrow(
      'TensorFlow.js has no webnn backend. Choose wasm, webgl or webgpu.',
    );
  });
});

describe('on a device of eight logical cores', () => {
  it('computes the same on three threads as on one', async () => {
    const [one, three] = [tfjs(), tfjsDevice()];
    const single = await one.load(await requestFor(LITE, { threads: 1 }));
    const several = await three.load(await requestFor(LITE, { threads: 3 }));
    expect([single.threadsUsed, several.threadsUsed]).toEqual([1, 3]);
    const [expected] = await follow(one, actorFrames(1));
    const frame = await actorFrame();
    const { poses } = await three.estimate(Comlink.transfer(frame, [frame]), 0);
    expect(expected?.keypoints).toHaveLength(33);
    for (const [joint, { x, y }] of (expected?.keypoints ?? []).entries()) {
      expect(poses[0]?.keypoints[joint]?.x).toBeCloseTo(x, 1);
      expect(poses[0]?.keypoints[joint]?.y).toBeCloseTo(y, 1);
    }
  });

  it('starts no more threads than TensorFlow.js computes with', async () => {
    const device = tfjsDevice();
    const request = await requestFor(LITE, { threads: 30 });
    expect(await device.load(request)).toMatchObject({ threadsUsed: 4 });
  });

  it(
    'has freed everything after each of many rounds in one worker',
    async () => {
      const device = tfjsDevice();
      const request = await requestFor(LITE, { threads: 2 });
      const still = await actorFrame();
      let settledBytes = 0;
      // The first round also brings in code, which stays.
      for (let round = 0; round <= ROUNDS; round += 1) {
        await device.load(request);
        const loaded = await device.held();
        for (const timestampMs of [0, 40]) {
          const frame = still.clone();
          await device.estimate(Comlink.transfer(frame, [frame]), timestampMs);
        }
        expect(await device.held()).toEqual(loaded);
        await device.dispose();
        expect(await device.held()).toEqual({ tensors: 0, bytes: 0 });
        if (round === 0) settledBytes = await memoryBytes();
      }
      still.close();
      expect((await memoryBytes()) - settledBytes).toBeLessThan(GROWTH_LIMIT_BYTES);
    },
    ROUNDS_LIMIT_MS,
  );
});
