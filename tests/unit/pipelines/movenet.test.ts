import { describe, expect, it } from 'vitest';
import { nextCropRegion } from '../../../src/lib/pipelines/movenet/crop-region.ts';
import {
  createMovenetMultiPipeline,
  inputSizeFor,
} from '../../../src/lib/pipelines/movenet/movenet-multi-pipeline.ts';
import { createMovenetPipeline } from '../../../src/lib/pipelines/movenet/movenet-pipeline.ts';
import type { Keypoint } from '../../../src/lib/pose/pose.ts';
import { prepareNetwork, prepareParts, sizedFrame, tensorInfo } from './prepared-network.ts';

const frame = { widthPx: 640, heightPx: 480 };
const NOSE = 0;
const [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP] = [5, 6, 11, 12];
const LEFT_ANKLE = 15;

/** A person of joints at the hips' middle (300, 240), but for those that are given. */
function person(joints: Readonly<Record<number, Keypoint>>): Keypoint[] {
  return Array.from({ length: 17 }, (_, joint) => joints[joint] ?? { x: 300, y: 240, score: 0.1 });
}

const torso = {
  [LEFT_SHOULDER]: { x: 320, y: 180, score: 0.9 },
  [RIGHT_SHOULDER]: { x: 280, y: 180, score: 0.9 },
  [LEFT_HIP]: { x: 310, y: 240, score: 0.9 },
  [RIGHT_HIP]: { x: 290, y: 240, score: 0.9 },
};

describe('nextCropRegion', () => {
  it('is a square around the hips, 1.9 times as far as the shoulders', () => {
    expect(nextCropRegion(person(torso), frame)).toEqual({
      centerX: 300,
      centerY: 240,
      width: 2 * 1.9 * 60,
      height: 2 * 1.9 * 60,
      rotation: 0,
    });
  });

  it('reaches 1.2 times as far as the farthest joint that is seen', () => {
    const seen = { ...torso, [LEFT_ANKLE]: { x: 330, y: 400, score: 0.5 } };
    expect(nextCropRegion(person(seen), frame)?.width).toBeCloseTo(2 * 1.2 * 160, 9);
    const guessed = { ...torso, [LEFT_ANKLE]: { x: 330, y: 400, score: 0.19 } };
    expect(nextCropRegion(person(guessed), frame)?.width).toBeCloseTo(2 * 1.9 * 60, 9);
  });

  it('counts all four corners of the torso, seen or not', () => {
    const hidden = { ...torso, [RIGHT_SHOULDER]: { x: 200, y: 180, score: 0.05 } };
    expect(nextCropRegion(person(hidden), frame)?.width).toBeCloseTo(2 * 1.9 * 100, 9);
  });

  it('is the whole frame where the torso is not seen or the person fills the frame', () => {
    const noHips = {
      ...torso,
      [LEFT_HIP]: { x: 310, y: 240, score: 0.2 },
      [RIGHT_HIP]: { x: 290, y: 240, score: 0.1 },
    };
    expect(nextCropRegion(person(noHips), frame)).toBeNull();
    const close = { ...torso, [NOSE]: { x: 300, y: -40, score: 0.9 } };
    expect(nextCropRegion(person(close), frame)).toBeNull();
    const onePoint = { x: 300, y: 240, score: 0.9 };
    expect(nextCropRegion(Array<Keypoint>(17).fill(onePoint), frame)).toBeNull();
  });
});

const single = {
  inputs: [tensorInfo('image', [1, 192, 192, 3], 'uint8')],
  outputs: [tensorInfo('keypoints', [1, 1, 17, 3])],
};

/** An answer with all joints at one place of the picture, (y, x) in fractions of it. */
function answer(y: number, x: number, score: number) {
  const data = new Float32Array(51);
  for (let joint = 0; joint < 17; joint += 1) data.set([y, x, score], 3 * joint);
  return { keypoints: { shape: [1, 1, 17, 3], data } };
}

/** The answer to a whole 640 × 480 frame for the torso of above; its region is 640 × 640 from y −80. */
function torsoAnswer() {
  const data = new Float32Array(51);
  person(torso).forEach(({ x, y, score }, joint) => {
    data.set([(y + 80) / 640, x / 640, score], 3 * joint);
  });
  return { keypoints: { shape: [1, 1, 17, 3], data } };
}

describe('MoveNet SinglePose', () => {
  it('gives keypoints in pixels of the frame, from bytes of the whole frame padded to a square', async () => {
    const network = prepareNetwork(single.inputs, single.outputs, [answer(0.5, 0.25, 0.8)]);
    const { parts, sampled } = prepareParts({ model: network });
    const estimate = await createMovenetPipeline(parts).estimate(sizedFrame(640, 480), 0);
    expect(estimate.poses).toHaveLength(1);
    const [pose] = estimate.poses;
    expect(pose?.keypoints[3]).toMatchObject({ x: 160, y: 240 });
    expect(pose?.score).toBeCloseTo(0.8, 6);
    expect(sampled[0]).toMatchObject({
      region: { centerX: 320, centerY: 240, width: 640, height: 640 },
      input: { widthPx: 192, heightPx: 192, layout: 'nhwc', channels: 'rgb', mean: [0, 0, 0] },
    });
    expect(network.given[0]?.['image']?.data).toBeInstanceOf(Uint8Array);
    expect(estimate).toMatchObject({ preprocessMs: 1, inferenceMs: 1, postprocessMs: 1 });
  });

  it('looks around the person of the last frame, and at the whole frame when lost or reset', async () => {
    const answers = [torsoAnswer(), torsoAnswer(), answer(0.5, 0.5, 0.1), torsoAnswer()];
    const network = prepareNetwork(single.inputs, single.outputs, answers);
    const { parts, sampled } = prepareParts({ model: network });
    const pipeline = createMovenetPipeline(parts);
    const found: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      if (time === 4) pipeline.reset();
      found.push((await pipeline.estimate(sizedFrame(640, 480), time)).poses.length);
    }
    expect(found).toEqual([1, 1, 0, 1, 1]);
    const widths = sampled.map(({ region }) => Math.round(region.width));
    expect(widths[0]).toBe(640);
    expect(widths[1]).toBe(228);
    expect(widths[3]).toBe(640);
    expect(widths[4]).toBe(640);
  });

  it('looks at the whole of every picture when it does not track', async () => {
    const network = prepareNetwork(single.inputs, single.outputs, [torsoAnswer()]);
    const { parts, sampled } = prepareParts({ model: network }, { tracking: false });
    const pipeline = createMovenetPipeline(parts);
    for (const time of [0, 1]) await pipeline.estimate(sizedFrame(640, 480), time);
    expect(sampled.map(({ region }) => region.width)).toEqual([640, 640]);
  });

  it('keeps scores in [0, 1]', async () => {
    const network = prepareNetwork(single.inputs, single.outputs, [answer(0.5, 0.5, 1.004)]);
    const { parts } = prepareParts({ model: network });
    const { poses } = await createMovenetPipeline(parts).estimate(sizedFrame(640, 480), 0);
    expect(poses[0]?.score).toBe(1);
    expect(poses[0]?.keypoints[0]?.score).toBe(1);
  });

  it('says so when the network gives no numbers', async () => {
    const network = prepareNetwork(single.inputs, single.outputs, [answer(NaN, 0.5, 0.9)]);
    const { parts } = prepareParts({ model: network });
    const estimate = createMovenetPipeline(parts).estimate(sizedFrame(640, 480), 0);
    await expect(estimate).rejects.toThrow(/no numbers.*another backend/);
  });

  it('refuses a network of other shapes, and says what it has', () => {
    const network = prepareNetwork(single.inputs, [tensorInfo('out', [1, 6, 56])]);
    const { parts } = prepareParts({ model: network });
    expect(() => createMovenetPipeline(parts)).toThrow(
      /1×192×192×3 → 1×6×56, but the MoveNet SinglePose pipeline expects .*1×1×17×3/,
    );
    expect(() => createMovenetPipeline(prepareParts({}).parts)).toThrow(/named "model".*none/);
  });
});

const multi = {
  inputs: [tensorInfo('image', [1, -1, -1, 3], 'int32')],
  outputs: [tensorInfo('people', [1, 6, 56])],
};

describe('MoveNet MultiPose', () => {
  it.each([
    [640, 480, 256, 192],
    [1920, 1080, 256, 160],
    [480, 640, 192, 256],
    [100, 100, 256, 256],
    [300, 1, 256, 32],
  ])('takes a frame of %i × %i as %i × %i', (width, height, widthPx, heightPx) => {
    expect(inputSizeFor(width, height)).toEqual({ widthPx, heightPx });
  });

  it('gives the sure people, best first, in pixels of the frame', async () => {
    const data = new Float32Array(6 * 56);
    for (const [row, score] of [0.3, 0.9, 0.2, 0.6].entries()) {
      data.set([0.5, 0.25, 0.7], 56 * row);
      data[56 * row + 55] = score;
    }
    const network = prepareNetwork(multi.inputs, multi.outputs, [
      { people: { shape: [1, 6, 56], data } },
    ]);
    const { parts, sampled } = prepareParts({ model: network }, { maxPoses: 2 });
    const { poses } = await createMovenetMultiPipeline(parts).estimate(sizedFrame(1920, 1080), 0);
    expect(poses.map(({ score }) => score.toFixed(1))).toEqual(['0.9', '0.6']);
    // The picture is 256 × 160: 1920 × 1200 pixels of the frame, 60 of them above it.
    expect(poses[0]?.keypoints[0]?.x).toBeCloseTo(480, 9);
    expect(poses[0]?.keypoints[0]?.y).toBeCloseTo(540, 9);
    expect(poses[0]?.keypoints[1]?.y).toBeCloseTo(-60, 9);
    expect(sampled[0]?.region.height).toBeCloseTo(1200, 9);
    const given = network.given[0]?.['image'];
    expect(given?.shape).toEqual([1, 160, 256, 3]);
    expect(given?.data).toBeInstanceOf(Int32Array);
  });

  it('keeps scores in [0, 1], and says so when the network gives no numbers', async () => {
    const estimate = (joint: number, person: number) => {
      const data = new Float32Array(6 * 56);
      data[2] = joint;
      data[55] = person;
      const network = prepareNetwork(multi.inputs, multi.outputs, [
        { people: { shape: [1, 6, 56], data } },
      ]);
      const { parts } = prepareParts({ model: network });
      return createMovenetMultiPipeline(parts).estimate(sizedFrame(1920, 1080), 0);
    };
    const [pose] = (await estimate(1.01, 1.02)).poses;
    expect([pose?.score, pose?.keypoints[0]?.score]).toEqual([1, 1]);
    await expect(estimate(0.5, NaN)).rejects.toThrow(/no numbers.*another backend/);
    await expect(estimate(NaN, 0.5)).rejects.toThrow(/no numbers.*another backend/);
  });

  it('fits its picture to each size of frame', async () => {
    const network = prepareNetwork(multi.inputs, multi.outputs, [
      { people: { shape: [1, 6, 56], data: new Float32Array(6 * 56) } },
    ]);
    const pipeline = createMovenetMultiPipeline(prepareParts({ model: network }).parts);
    for (const height of [480, 480, 640]) await pipeline.estimate(sizedFrame(640, height), 0);
    const [first, second, third] = network.given.map((inputs) => inputs['image']);
    expect(second?.data).toBe(first?.data);
    expect(third?.shape).toEqual([1, 256, 256, 3]);
  });

  it('refuses a network of other shapes', () => {
    const { parts } = prepareParts({ model: prepareNetwork(single.inputs, single.outputs) });
    expect(() => createMovenetMultiPipeline(parts)).toThrow(/MoveNet MultiPose.*1×6×56/);
  });
});
