// MoveNet and PoseNet in the real TensorFlow.js: against MoveNet's published keypoints, and on a photograph
// whose joints are known. The full-size MultiPose network is not among the shared assets; a made one
// stands for its output.
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { oks } from '../../src/lib/metrics/oks.ts';
import type { TruePose } from '../../src/lib/metrics/oks.ts';
import { toCoco17 } from '../../src/lib/pose/coco-mapping.ts';
import type { Pose } from '../../src/lib/pose/pose.ts';
import { actorFrame } from './actor-frames.ts';
import {
  MADE_SCORES,
  madeMultiposeRequest,
  movenetRequest,
  posenetRequest,
} from './tfjs-requests.ts';

/** Of MoveNet's published keypoints, in fractions of the picture's sides. */
const REFERENCE_TOLERANCE = 0.03;
const SQUAT = { path: '/fixtures/images/coral_squat.bmp', widthPx: 500, heightPx: 610 };
const SQUAT_KEYPOINTS =
  '/fixtures/models/movenet-singlepose-lightning-int8-tflite/squat_bmp_reference.csv';
/** One person, all joints labelled. */
const PHOTOGRAPH = { id: 785, path: '/fixtures/gt/coco-permissive/images/000000000785.jpg' };
const PHOTOGRAPH_TRUTH = '/fixtures/gt/coco-permissive/person_keypoints_subset.json';

const engines: PoseEngine[] = [];
function tfjs(): PoseEngine {
  const engine = createEngineClient('tfjs');
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.dispose()));
});

async function picture(path: string): Promise<VideoFrame> {
  const bitmap = await createImageBitmap(await (await fetch(path)).blob());
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  bitmap.close();
  return frame;
}

async function photographTruth(): Promise<TruePose> {
  const { annotations } = (await (await fetch(PHOTOGRAPH_TRUTH)).json()) as {
    annotations: { image_id: number; keypoints: number[]; area: number }[];
  };
  const person = annotations.find(({ image_id }) => image_id === PHOTOGRAPH.id);
  if (!person) throw new Error('The photograph has no truth.');
  const keypoints = Array.from({ length: 17 }, (_, joint) => {
    const [x = 0, y = 0, v = 0] = person.keypoints.slice(3 * joint);
    return { x, y, v };
  });
  return { keypoints, areaPx: person.area };
}

async function firstPose(engine: PoseEngine, path: string, timestampMs = 0): Promise<Pose> {
  const [pose] = (await engine.estimate(await picture(path), timestampMs)).poses;
  if (!pose) throw new Error(`Nobody was found in ${path}.`);
  return pose;
}

describe.runIf(inject('hasSharedAssets'))('on networks of the shared assets', () => {
  it('MoveNet agrees with the published keypoints', async () => {
    const engine = tfjs();
    await engine.load(await movenetRequest());
    // At first the whole picture is searched; then the crop is that of the person.
    for (const timestampMs of [0, 40]) await firstPose(engine, SQUAT.path, timestampMs);
    const { keypoints } = await firstPose(engine, SQUAT.path, 80);
    const [, ...rows] = (await (await fetch(SQUAT_KEYPOINTS)).text()).trim().split('\n');
    expect(rows).toHaveLength(17);
    for (const row of rows) {
      const [, , joint = NaN, , x = NaN, y = NaN] = row.split(',').map(Number);
      const { x: xPx = NaN, y: yPx = NaN } = keypoints[joint] ?? {};
      expect(Math.abs(xPx / SQUAT.widthPx - x), `x, ${joint}`).toBeLessThan(REFERENCE_TOLERANCE);
      expect(Math.abs(yPx / SQUAT.heightPx - y), `y, ${joint}`).toBeLessThan(REFERENCE_TOLERANCE);
    }
  });

  it('PoseNet finds the person in a photograph; with 8-bit weights it does not', async () => {
    const truth = await photographTruth();
    const good = tfjs();
    await good.load(posenetRequest('posenet-mobilenetv1-050', 'float-050'));
    const found = await firstPose(good, PHOTOGRAPH.path);
    expect(oks(toCoco17(found), truth)).toBeGreaterThan(0.75);
    expect(found.score).toBeGreaterThan(0.5);

    const broken = tfjs();
    await broken.load(posenetRequest('posenet-mobilenetv1-050-quant1', 'quant1-050'));
    const lost = await firstPose(broken, PHOTOGRAPH.path);
    expect(oks(toCoco17(lost), truth)).toBeLessThan(0.2);
    expect(lost.score).toBeLessThan(0.1);
  });
});

describe('MoveNet MultiPose', () => {
  it('returns the best people, no more than asked for, and can forget them', async () => {
    const engine = tfjs();
    await engine.load(await madeMultiposeRequest({ maxPoses: 3, smoothing: true }));
    for (const timestampMs of [0, 40]) {
      const { poses } = await engine.estimate(await actorFrame(), timestampMs);
      const scores = poses.map(({ score }) => Number(score.toFixed(6)));
      expect(scores).toEqual(MADE_SCORES.slice(0, 3));
      expect(poses[0]?.keypoints[16]).toEqual({ x: 240, y: 320, score: 0.5 });
      await engine.reset();
    }
  });

  it('leaves out whom the library does not trust', async () => {
    const engine = tfjs();
    await engine.load(await madeMultiposeRequest({ maxPoses: 6, tracking: false }));
    expect((await engine.estimate(await actorFrame(), 0)).poses).toHaveLength(5);
  });
});
