// The real MediaPipe in a real worker, on frames of the built-in clip whose joints are known.
import * as Comlink from 'comlink';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { createMediapipeEngine } from '../../src/lib/engines/mediapipe/mediapipe-engine.ts';
import type { BareEngine, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { restrictFetchToOwnOrigin } from '../../src/lib/engines/same-origin-fetch.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import { actorFrame, actorTruth } from './actor-frames.ts';
import type { MediapipeDevice } from './mediapipe-device.worker.ts';
import { memoryBytes } from './memory-bytes.ts';
import { requestFor } from './target-request.ts';

const ROUNDS = 20;
const MAX_GROWTH_BYTES = 10e6;
/** Two measurements, each of which a thread that another test has left asleep holds up for a minute. */
const SETTLE_LIMIT_MS = 150_000;
const ROUNDS_LIMIT_MS = 360_000;

// As the engine's worker does: one test runs the engine on this page.
restrictFetchToOwnOrigin(globalThis);

const request = await requestFor('mediapipe/blazepose-lite@wasm');
const [file] = request.files;
if (!file) throw new Error('The model has no file.');

const engines: BareEngine[] = [];
function engine(...args: Parameters<typeof createEngineClient>): PoseEngine {
  const made = createEngineClient(...args);
  engines.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.dispose()));
});

describe('MediaPipe', () => {
  it('finds the actor where he is, in pixels of the frame', async () => {
    const mediapipe = engine('mediapipe');
    const report = await mediapipe.load(request);
    expect(report).toMatchObject({ backendUsed: 'wasm', modelSha256: file.sha256, threadsUsed: 1 });
    expect(report.loadMs).toBeGreaterThan(0);

    const { poses, engineMs, inferenceMs } = await mediapipe.estimate(await actorFrame(), 0);
    expect(poses).toHaveLength(1);
    expect(engineMs).toBeGreaterThan(0);
    expect(inferenceMs).toBeNull();
    const [pose] = poses;
    if (!pose) return;
    expect(pose.keypoints).toHaveLength(33);
    expect(pose.score).toBeGreaterThan(0.8);

    expect(oks(toCoco17(pose), await actorTruth())).toBeGreaterThan(0.8);
  });

  it('closes every frame, also when it fails', async () => {
    // On this page: a frame that was sent to a worker is gone from here, closed or not.
    const mediapipe = createMediapipeEngine();
    engines.push(mediapipe);
    const unloaded = await actorFrame();
    await expect(mediapipe.estimate(unloaded, 0)).rejects.toThrow('No model is loaded');
    expect(unloaded.format).toBeNull();
    await mediapipe.load(request);
    const frame = await actorFrame();
    expect(frame.format).not.toBeNull();
    await mediapipe.estimate(frame, 0);
    expect(frame.format).toBeNull();
  });

  it('can forget whom it followed', async () => {
    const mediapipe = engine('mediapipe');
    await mediapipe.load(request);
    const first = await mediapipe.estimate(await actorFrame(), 0);
    await mediapipe.reset();
    const again = await mediapipe.estimate(await actorFrame(), 40);
    expect(again.poses[0]?.keypoints[0]).toEqual(first.poses[0]?.keypoints[0]);
  });

  it('refuses weights that are not the catalogued ones, and says when there are none', async () => {
    const wrong = { ...request, files: [{ ...file, sha256: '0'.repeat(64) }] };
    await expect(engine('mediapipe').load(wrong)).rejects.toThrow(/was refused.*npm run models/);
    const sha256 = 'f'.repeat(64);
    const missing = { ...request, files: [{ ...file, url: '/models/nothing.task', sha256 }] };
    await expect(engine('mediapipe').load(missing)).rejects.toThrow(
      /is not on this server.*npm run models|was refused/,
    );
  });
});

describe('the memory of MediaPipe', () => {
  it(
    'is given back after each of many rounds in one worker',
    { timeout: ROUNDS_LIMIT_MS },
    async () => {
      const worker = new Worker(new URL('./mediapipe-device.worker.ts', import.meta.url), {
        type: 'module',
      });
      const device = Comlink.wrap<MediapipeDevice>(worker);
      const still = await actorFrame();
      onTestFinished(() => {
        worker.terminate();
        still.close();
      });
      let settledBytes = 0;
      for (let round = 0; round <= ROUNDS; round += 1) {
        await device.load(request);
        const frame = still.clone();
        const { poses } = await device.estimate(Comlink.transfer(frame, [frame]), 0);
        expect(poses).toHaveLength(1);
        expect(await device.openLandmarkers()).toBe(1);
        await device.dispose();
        expect(await device.openLandmarkers()).toBe(0);
        // The first round also brings in code, which stays.
        if (round === 0) settledBytes = await memoryBytes();
      }
      // A leak stays; what the collector has not come to yet is gone from a later measurement.
      await expect
        .poll(async () => (await memoryBytes()) - settledBytes, { timeout: SETTLE_LIMIT_MS })
        .toBeLessThan(MAX_GROWTH_BYTES);
    },
  );
});

describe("the engine's worker", () => {
  it('ends at once when aborted, and open calls reject with the reason', async () => {
    const abort = new AbortController();
    const mediapipe = engine('mediapipe', { signal: abort.signal });
    const loading = mediapipe.load(request);
    abort.abort(new DOMException('The run was cancelled.', 'AbortError'));
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    const frame = await actorFrame();
    await expect(mediapipe.estimate(frame, 0)).rejects.toMatchObject({ name: 'AbortError' });
    expect(frame.format).toBeNull();
  });

  it('does nothing for a signal that was aborted before', async () => {
    const mediapipe = engine('mediapipe', { signal: AbortSignal.abort() });
    await expect(mediapipe.load(request)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is freed when it idles', async () => {
    const mediapipe = engine('mediapipe', { idleLimitMs: 50 });
    await mediapipe.load(request);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const frame = await actorFrame();
    await expect(mediapipe.estimate(frame, 0)).rejects.toThrow('freed after idling');
    expect(frame.format).toBeNull();
  });
});
