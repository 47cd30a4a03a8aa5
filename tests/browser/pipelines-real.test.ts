// Our pipelines around real networks, on the runtimes that execute raw ones, with pictures and clips whose
// people were counted by eye. Every tenth frame of a clip, to keep the time short.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { EngineOptions, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import type { EngineId, PinnedFile } from '../../src/lib/models/model-spec.ts';
import type { RawPipelineConfig } from '../../src/lib/pipelines/pipeline-config.ts';
import type { Pose } from '../../src/lib/pose/pose.ts';
import { skeletons } from '../../src/lib/pose/skeletons.ts';
import type { SkeletonId } from '../../src/lib/pose/skeletons.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import { openImages } from '../../src/lib/video/image-source.ts';
import { sharedClip } from './made-clips.ts';

const FRAME_STEP = 10;

const openpose: RawPipelineConfig = {
  kind: 'openpose',
  skeleton: 'openpose-18',
  normalisation: { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] },
};

/** A network of the shared assets on an engine. Digests: the assets' SHA256SUMS. */
type RealNetwork = {
  readonly engine: EngineId;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
};

const openposeNetworks: readonly RealNetwork[] = [
  {
    engine: 'litert',
    path: 'openpose-mobilenetv2-14-tflite/mobilenet_v2_pose_dm14_368_432_weight_quant.tflite',
    bytes: 2_350_144,
    sha256: '44ca354020f47ae9976fefbc2febd6410000aa8a059ca750300b2cbbb6d2b7d7',
  },
  {
    engine: 'ort',
    path: 'openpose-mobilenetv2-14-onnx-derived/openpose_mnv2_14_w8.onnx',
    bytes: 2_489_869,
    sha256: '80125aa49f2ee2611da9e61be828d015d1a63509ee014d245796d3d5c7bef935',
  },
];

/**
 * How far a joint may be from the reference, as a fraction of the picture's side. The reference was made
 * with the first network; the second is its weights with activations that are not rounded to bytes.
 */
const movenetNetworks: readonly (RealNetwork & { readonly tolerance: number })[] = [
  {
    engine: 'litert',
    path: 'movenet-singlepose-lightning-int8-tflite/movenet_single_pose_lightning_ptq.tflite',
    bytes: 2_894_840,
    sha256: 'cd7cc22fa946e5d146a7b98d496853e1923e22828d3972d579973f27f91bb105',
    tolerance: 0.03,
  },
  {
    engine: 'ort',
    path: 'movenet-singlepose-lightning-onnx-derived/movenet_lightning_w8.onnx',
    bytes: 2_524_196,
    sha256: 'c3515e5cd73319a77a7baf9115b0d56c9603054fd57d864d93de755b50cfa48b',
    tolerance: 0.04,
  },
];

const engines: PoseEngine[] = [];
afterAll(() => Promise.all(engines.splice(0).map((engine) => engine.dispose())));

async function load(
  { engine, path, bytes, sha256 }: RealNetwork,
  pipeline: RawPipelineConfig,
  skeleton: SkeletonId,
  options: Partial<EngineOptions> = {},
): Promise<PoseEngine> {
  const file: PinnedFile = { name: 'model', url: `/fixtures/models/${path}`, bytes, sha256 };
  const client = createEngineClient(engine);
  engines.push(client);
  await client.load({
    modelId: path,
    files: [file],
    pipeline,
    skeleton,
    backend: 'wasm',
    options: { threads: null, maxPoses: 6, tracking: true, smoothing: false, ...options },
  });
  return client;
}

async function sharedFile(path: string): Promise<Response> {
  const response = await fetch(`/fixtures/${path}`);
  if (!response.ok) throw new Error(`${path} is not served to the tests.`);
  return response;
}

async function sharedImage(name: string): Promise<VideoFrame> {
  const file = new File([await (await sharedFile(`images/${name}`)).blob()], name);
  const source = await openImages([file], { maxFrames: null });
  for await (const { frame } of source.frames()) return frame;
  throw new Error(`${name} has no picture.`);
}

/** The poses in every FRAME_STEP-th frame of a clip. */
async function posesAlong(engine: PoseEngine, name: string): Promise<(readonly Pose[])[]> {
  const source = await openClip(await sharedClip(name), { kind: 'clip', maxFrames: null });
  const found: (readonly Pose[])[] = [];
  try {
    for await (const { frame, index, ptsMs } of source.frames()) {
      if (index % FRAME_STEP === 0) found.push((await engine.estimate(frame, ptsMs)).poses);
      else frame.close();
    }
  } finally {
    source.close();
  }
  return found;
}

function share<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.filter(isCounted).length / items.length;
}

/**
 * Joints of the people in three_people.jpg, from left to right, in its pixels, read off by eye. The raised
 * arm of the first is above the head of the second.
 */
const threePeople: readonly Readonly<Record<string, readonly [x: number, y: number]>>[] = [
  {
    nose: [190, 143],
    right_shoulder: [50, 275],
    left_shoulder: [320, 280],
    left_elbow: [500, 245],
    left_wrist: [580, 100],
  },
  {
    nose: [385, 460],
    right_shoulder: [215, 645],
    left_shoulder: [555, 645],
    left_ear: [480, 465],
  },
  {
    nose: [875, 145],
    right_shoulder: [780, 360],
    right_elbow: [750, 530],
    right_wrist: [755, 665],
    left_shoulder: [1035, 305],
  },
];

/** How far off a joint may be; the people's shoulders are at least 250 px apart. */
const JOINT_TOLERANCE_PX = 40;

/** How far MoveNet's joints may be from the reference in the middle, where the picture keeps its shape. */
const MEDIAN_TOLERANCE = 0.015;

/** Joint by joint, the larger distance along x and y from the reference, as fractions of the picture. */
async function distancesFromReference(engine: PoseEngine, frame: VideoFrame): Promise<number[]> {
  const { displayWidth, displayHeight } = frame;
  const folder = 'models/movenet-singlepose-lightning-int8-tflite';
  const reference = await (await sharedFile(`${folder}/squat_bmp_reference.csv`)).text();
  const rows = reference.trim().split('\n').slice(1);
  const { poses } = await engine.estimate(frame, 0);
  expect(poses).toHaveLength(1);
  expect(rows).toHaveLength(17);
  return rows.map((row, joint) => {
    const [, , , , x = NaN, y = NaN] = row.split(',').map(Number);
    const found = poses[0]?.keypoints[joint] ?? { x: NaN, y: NaN };
    return Math.max(Math.abs(found.x / displayWidth - x), Math.abs(found.y / displayHeight - y));
  });
}

/** The picture pressed into a square, as whoever made the reference gave it to the network. */
function squashed(frame: VideoFrame): VideoFrame {
  const side = frame.displayHeight;
  const canvas = new OffscreenCanvas(side, side);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, side, side);
  frame.close();
  return new VideoFrame(canvas, { timestamp: 0 });
}

describe.skipIf(!inject('hasSharedAssets'))('on networks of the shared assets', () => {
  describe.each(openposeNetworks)('OpenPose on $engine', (network) => {
    let engine: PoseEngine;
    beforeAll(async () => {
      engine = await load(network, openpose, 'openpose-18');
    });

    it('finds all three people of a photograph, each with his own limbs', async () => {
      const { poses } = await engine.estimate(await sharedImage('three_people.jpg'), 0);
      expect(poses).toHaveLength(3);
      const { keypointNames } = skeletons['openpose-18'];
      for (const joints of threePeople) {
        const distances = poses.map(({ keypoints }) =>
          Object.entries(joints).map(([name, [x, y]]) => {
            const found = keypoints[keypointNames.indexOf(name)];
            return found?.score ? Math.hypot(found.x - x, found.y - y) : Infinity;
          }),
        );
        // One of the poses, not several, has all of these joints.
        const worst = Math.min(...distances.map((each) => Math.max(...each)));
        expect(worst).toBeLessThan(JOINT_TOLERANCE_PX);
      }
    });

    it('finds the one person who walks, and nobody else', async () => {
      const found = await posesAlong(engine, 'intel_one_by_one_10s.mp4');
      expect(share(found, (poses) => poses.length === 1)).toBeGreaterThanOrEqual(0.95);
    });

    it('finds two of the three people in an aisle', async () => {
      const found = await posesAlong(engine, 'store_aisle_three_people.mp4');
      expect(share(found, (poses) => poses.length >= 2)).toBeGreaterThanOrEqual(0.9);
    });

    it('finds both people who walk', async () => {
      const found = await posesAlong(engine, 'two_people_walking.mp4');
      expect(share(found, (poses) => poses.length >= 2)).toBeGreaterThanOrEqual(0.6);
    });
  });

  describe.each(movenetNetworks)('MoveNet on $engine', (network) => {
    let engine: PoseEngine;
    beforeAll(async () => {
      engine = await load(network, { kind: 'movenet-single' }, 'coco-17', { tracking: false });
    });

    it('finds every joint where the reference has it, in the picture that it was made from', async () => {
      const frame = squashed(await sharedImage('coral_squat.bmp'));
      const distances = await distancesFromReference(engine, frame);
      expect(Math.max(...distances)).toBeLessThanOrEqual(network.tolerance);
    });

    it('finds them in the picture as it is, but for the hip that his body hides', async () => {
      const distances = await distancesFromReference(engine, await sharedImage('coral_squat.bmp'));
      const ordered = distances.toSorted((a, b) => a - b);
      expect(ordered[8]).toBeLessThanOrEqual(MEDIAN_TOLERANCE);
      expect(ordered[15]).toBeLessThanOrEqual(0.03);
    });
  });
});
