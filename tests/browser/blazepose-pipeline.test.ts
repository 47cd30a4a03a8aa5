// BlazePose's pipeline around the real networks, on both runtimes that share it, against MediaPipe, whose
// design it is. How well the actor's joints are met is `npm run bench:engines`' to tell.
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { EngineOptions, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { agreementOf } from '../../src/lib/metrics/agreement.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import type { Pose } from '../../src/lib/pose/pose.ts';
import { openImages } from '../../src/lib/video/image-source.ts';
import { actorFrames } from './actor-frames.ts';
import { requestFor } from './target-request.ts';

const FRAMES = 30;
/** Between two frames of the actor. */
const FRAME_MS = 1000 / 30;
const LIMIT_MS = 240_000;
/** Medians, in torso lengths: runtimes that share the pipeline, and MediaPipe, which has its own. */
const SAME_PIPELINE = 0.01;
const OTHER_PIPELINE = 0.03;
/** The same picture in the same region: only the runtimes' arithmetic is left. In torso lengths. */
const ARITHMETIC = 0.001;

const engines: PoseEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

async function load(targetId: string, options: Partial<EngineOptions>): Promise<PoseEngine> {
  const engine = createEngineClient(findTarget(targetId).engine);
  engines.push(engine);
  await engine.load(await requestFor(targetId, options));
  return engine;
}

/** The person in each of the actor's first frames. */
async function actorPoses(
  targetId: string,
  options: Partial<EngineOptions> = {},
): Promise<(Pose | null)[]> {
  const engine = await load(targetId, options);
  const found: (Pose | null)[] = [];
  for await (const frame of actorFrames(FRAMES)) {
    const { poses } = await engine.estimate(frame, found.length * FRAME_MS);
    expect(poses.length).toBeLessThanOrEqual(1);
    found.push(poses[0] ?? null);
  }
  await engine.dispose();
  return found;
}

describe('BlazePose on the actor', () => {
  let followed: (Pose | null)[];
  beforeAll(async () => {
    followed = await actorPoses('litert/blazepose-lite@wasm');
  }, LIMIT_MS);

  it('finds him in every frame, sure of it', () => {
    expect(followed).toHaveLength(FRAMES);
    for (const pose of followed) expect(pose?.score).toBeGreaterThan(0.9);
  });

  it(
    'puts his joints where MediaPipe puts them',
    async () => {
      const theirs = agreementOf(followed, await actorPoses('mediapipe/blazepose-lite@wasm'));
      expect(theirs).toMatchObject({ frames: FRAMES, disagreements: 0 });
      expect(theirs.medianDistance).toBeLessThan(OTHER_PIPELINE);
    },
    LIMIT_MS,
  );

  it(
    'comes nearer to MediaPipe when it smooths as well',
    async () => {
      const theirs = await actorPoses('mediapipe/blazepose-lite@wasm');
      const smoothed = await actorPoses('litert/blazepose-lite@wasm', { smoothing: true });
      const raw = agreementOf(theirs, followed).medianDistance ?? NaN;
      expect(agreementOf(theirs, smoothed).medianDistance).toBeLessThan(raw);
    },
    LIMIT_MS,
  );

  it(
    'gives the same on ONNX Runtime Web',
    async () => {
      const ort = agreementOf(followed, await actorPoses('ort/blazepose-lite@wasm'));
      expect(ort).toMatchObject({ frames: FRAMES, disagreements: 0 });
      expect(ort.medianDistance).toBeLessThan(SAME_PIPELINE);
    },
    LIMIT_MS,
  );

  it(
    'differs between runtimes by nothing but rounding when no frame depends on the last',
    async () => {
      const still = { tracking: false };
      const litert = await actorPoses('litert/blazepose-lite@wasm', still);
      const ort = await actorPoses('ort/blazepose-lite@wasm', still);
      expect(agreementOf(litert, ort).maxDistance).toBeLessThan(ARITHMETIC);
    },
    LIMIT_MS,
  );
});

describe.skipIf(!inject('hasSharedAssets'))('BlazePose on a photograph of three people', () => {
  /** Everybody whom a target finds, from left to right. */
  async function people(targetId: string, maxPoses: number): Promise<Pose[]> {
    const response = await fetch('/fixtures/images/three_people.jpg');
    const file = new File([await response.blob()], 'three_people.jpg');
    const photograph = await openImages([file], { maxFrames: null });
    const engine = await load(targetId, { maxPoses, tracking: false });
    const found: Pose[] = [];
    for await (const { frame } of photograph.frames()) {
      found.push(...(await engine.estimate(frame, 0)).poses);
    }
    return found.toSorted((a, b) => (a.keypoints[0]?.x ?? 0) - (b.keypoints[0]?.x ?? 0));
  }

  it('finds as many as MediaPipe, the one who stands apart at the same place', async () => {
    const theirs = await people('mediapipe/blazepose-full@wasm', 3);
    const ours = await people('litert/blazepose-full@wasm', 3);
    expect(theirs).toHaveLength(3);
    expect(ours).toHaveLength(3);
    // The other two share their regions, and where the network sees them in there is chance.
    const apart = agreementOf(theirs.slice(-1), ours.slice(-1));
    expect(apart.medianDistance).toBeLessThan(OTHER_PIPELINE);
    expect(await people('litert/blazepose-full@wasm', 1)).toHaveLength(1);
  });
});
