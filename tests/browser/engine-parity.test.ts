// Every accelerated backend against WebAssembly, on the same frames: a swapped axis or a half-precision
// failure shows here. The adapters of a test machine compute in software: right, and slow.
import { afterEach, expect, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { poseSimilarity } from '../../src/lib/metrics/pose-parity.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import type { Pose } from '../../src/lib/pose/pose.ts';
import { actorFrames } from './actor-frames.ts';
import { requestFor } from './target-request.ts';

const FRAMES = 20;
/** Between two frames of the actor. */
const FRAME_MS = 1000 / 30;
/** Mean over the frames, with the pose on WebAssembly for the truth. */
const MIN_MEAN_OKS = 0.99;
/** Of each frame: MediaPipe's two delegates place pixels differently, which its first frame shows most. */
const MIN_OKS = 0.98;
/** Only a hang takes longer: a CPU that plays GPU takes minutes for some, and other work makes it slower still. */
const LIMIT_MS = 600_000;

const ENGINES = [
  ['mediapipe', 'webgl'],
  ['litert', 'webgpu'],
  ['ort', 'webgpu'],
  ['tfjs', 'webgl'],
  ['tfjs', 'webgpu'],
] as const;

const engines: PoseEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

it.each(ENGINES)(
  '%s finds the same poses on %s as on wasm',
  async (engine, backend) => {
    const expected = await posesOf(`${engine}/blazepose-lite@wasm`);
    const actual = await posesOf(`${engine}/blazepose-lite@${backend}`);
    expect(expected).toHaveLength(FRAMES);
    const similarities = expected.map((pose, frame) => {
      const other = actual[frame];
      return other ? poseSimilarity(pose, other) : 0;
    });
    expect(Math.min(...similarities)).toBeGreaterThanOrEqual(MIN_OKS);
    const mean = similarities.reduce((sum, value) => sum + value, 0) / FRAMES;
    expect(mean).toBeGreaterThanOrEqual(MIN_MEAN_OKS);
  },
  LIMIT_MS,
);

/** The first person in each frame, as this target sees them. */
async function posesOf(targetId: string): Promise<Pose[]> {
  const target = findTarget(targetId);
  const engine = createEngineClient(target.engine);
  engines.push(engine);
  const { backendUsed } = await engine.load(await requestFor(targetId));
  expect(backendUsed).toBe(target.backend);
  const found: Pose[] = [];
  for await (const frame of actorFrames(FRAMES)) {
    const { poses } = await engine.estimate(frame, found.length * FRAME_MS);
    const [pose] = poses;
    if (!pose) throw new Error(`${targetId} finds nobody in frame ${found.length}.`);
    found.push(pose);
  }
  await engine.dispose();
  return found;
}
