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
import {
  MADE_FALL,
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
/** MultiPose's own input size, so that nothing is padded. */
const PLAIN_PX = 256;
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

/** A square picture of one colour. */
function plainFrame(colour: string): VideoFrame {
  const canvas = new OffscreenCanvas(PLAIN_PX, PLAIN_PX);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('No 2-D canvas.');
  context.fillStyle = colour;
  context.fillRect(0, 0, PLAIN_PX, PLAIN_PX);
  return new VideoFrame(canvas, { timestamp: 0 });
}

/** MoveNet's published keypoints, in pixels of the picture. */
async function squatKeypoints(): Promise<{ x: number; y: number }[]> {
  const [, ...rows] = (await (await fetch(SQUAT_KEYPOINTS)).text()).trim().split('\n');
  const keypoints: { x: number; y: number }[] = [];
  for (const row of rows) {
    const [, , joint = NaN, , x = NaN, y = NaN] = row.split(',').map(Number);
    keypoints[joint] = { x: x * SQUAT.widthPx, y: y * SQUAT.heightPx };
  }
  return keypoints;
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
    const reference = await squatKeypoints();
    expect(reference).toHaveLength(17);
    for (const [joint, { x, y }] of reference.entries()) {
      const { x: xPx = NaN, y: yPx = NaN } = keypoints[joint] ?? {};
      const [xError, yError] = [
        Math.abs(xPx - x) / SQUAT.widthPx,
        Math.abs(yPx - y) / SQUAT.heightPx,
      ];
      expect(xError, `x, ${joint}`).toBeLessThan(REFERENCE_TOLERANCE);
      expect(yError, `y, ${joint}`).toBeLessThan(REFERENCE_TOLERANCE);
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
  it('returns the best people, no more than asked for', async () => {
    const engine = tfjs();
    await engine.load(await madeMultiposeRequest({ maxPoses: 3 }));
    const { poses } = await engine.estimate(plainFrame('black'), 0);
    const scores = poses.map(({ score }) => Number(score.toFixed(6)));
    expect(scores).toEqual(MADE_SCORES.slice(0, 3));
    expect(poses[0]?.keypoints[16]).toEqual({ x: PLAIN_PX / 2, y: PLAIN_PX / 2, score: 0.5 });
  });

  it('smooths who is followed, and can forget them', async () => {
    const engine = tfjs();
    await engine.load(await madeMultiposeRequest({ smoothing: true }));
    const heightIn = async (colour: string, timestampMs: number) => {
      const { poses } = await engine.estimate(plainFrame(colour), timestampMs);
      return (poses[0]?.keypoints[0]?.y ?? NaN) / PLAIN_PX;
    };
    // The library's filters pass over what is seen at 0 ms.
    expect(await heightIn('white', 40)).toBeCloseTo(0.5 + MADE_FALL, 4);
    expect(await heightIn('black', 80)).toBeGreaterThan(0.5 + MADE_FALL / 10);
    await engine.reset();
    expect(await heightIn('black', 120)).toBeCloseTo(0.5, 4);
  });

  it('leaves out whom the library does not trust', async () => {
    const engine = tfjs();
    await engine.load(await madeMultiposeRequest({ maxPoses: 6, tracking: false }));
    expect((await engine.estimate(plainFrame('black'), 0)).poses).toHaveLength(5);
  });
});

describe('smoothing that TensorFlow.js would leave out', () => {
  it('is refused by PoseNet', async () => {
    const request = posenetRequest('posenet-mobilenetv1-050', 'float-050');
    const options = { ...request.options, tracking: true, smoothing: true };
    await expect(tfjs().load({ ...request, options })).rejects.toThrow(
      'The PoseNet pipeline does not smooth keypoints over time. Switch smoothing off for this model.',
    );
  });

  it('is refused for unrelated pictures', async () => {
    const request = await madeMultiposeRequest({ tracking: false, smoothing: true });
    await expect(tfjs().load(request)).rejects.toThrow(
      /^TensorFlow\.js cannot smooth keypoints over time in pictures that have nothing to do/,
    );
  });
});
