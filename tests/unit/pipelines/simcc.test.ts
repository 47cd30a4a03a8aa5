import { describe, expect, it } from 'vitest';
import { regionAround } from '../../../src/lib/pipelines/simcc/person-region.ts';
import { createSimccPipeline } from '../../../src/lib/pipelines/simcc/simcc-pipeline.ts';
import type { Tensor } from '../../../src/lib/pipelines/tensor-runner.ts';
import { prepareNetwork, prepareParts, sizedFrame, tensorInfo } from './prepared-network.ts';

const config = {
  kind: 'simcc',
  normalisation: { channels: 'rgb', mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
  splitRatio: 2,
} as const;
const COLUMNS = 384;
const ROWS = 512;

const inputs = [tensorInfo('input', [-1, 3, 256, 192])];
const outputs = [tensorInfo('simcc_x', [-1, 17, COLUMNS]), tensorInfo('simcc_y', [-1, 17, ROWS])];

/** A row of bins per joint, each with one that stands out. */
function bins(length: number, places: readonly number[], score: number): Tensor {
  const data = new Float32Array(17 * length).fill(-0.1);
  for (let joint = 0; joint < 17; joint += 1) {
    data[joint * length + (places[joint] ?? 0)] = score;
  }
  return { shape: [1, 17, length], data };
}

/** Joints on a diagonal from a quarter to half of the picture. */
function diagonal(xScore: number, yScore: number) {
  const steps = Array.from({ length: 17 }, (_, joint) => 0.25 + joint / 64);
  return {
    simcc_x: bins(
      COLUMNS,
      steps.map((step) => step * COLUMNS),
      xScore,
    ),
    simcc_y: bins(
      ROWS,
      steps.map((step) => step * ROWS),
      yScore,
    ),
  };
}

const PERSON = 0;
const DOG = 16;
/** Left, top, right and bottom in pixels of the detector's picture, score, class. */
type DetectedBox = readonly [number, number, number, number, number, number];
const onePerson: readonly DetectedBox[] = [[80, 80, 160, 240, 0.9, PERSON]];

/** A detector with a picture of 320 × 320 that finds these boxes in every frame. */
function detectorSeeing(boxes: readonly DetectedBox[]) {
  const dets = Float32Array.from(boxes.flatMap((box) => box.slice(0, 5)));
  const labels = Int32Array.from(boxes, (box) => box[5]);
  return prepareNetwork(
    [tensorInfo('input', [1, 3, 320, 320])],
    [tensorInfo('dets', [1, -1, 5]), tensorInfo('labels', [1, -1], 'int32')],
    [
      {
        dets: { shape: [1, boxes.length, 5], data: dets },
        labels: { shape: [1, boxes.length], data: labels },
      },
    ],
  );
}

describe('regionAround', () => {
  it('is the box made a quarter larger and as wide as the aspect asks', () => {
    const tall = regionAround({ left: 100, top: 50, right: 140, bottom: 250 }, 0.75);
    expect(tall).toEqual({ centerX: 120, centerY: 150, width: 187.5, height: 250, rotation: 0 });
    const wide = regionAround({ left: 0, top: 0, right: 300, bottom: 100 }, 0.75);
    expect(wide).toEqual({ centerX: 150, centerY: 50, width: 375, height: 500, rotation: 0 });
  });
});

describe('SimCC', () => {
  it('looks at the whole frame and gives its joints there, as sure as the less sure axis', async () => {
    const network = prepareNetwork(inputs, outputs, [diagonal(0.9, 0.6)]);
    const { parts, sampled } = prepareParts({ model: network });
    const { poses } = await createSimccPipeline(config, parts).estimate(sizedFrame(600, 400), 0);
    // 600 × 1.25 wide, and high enough for 192 : 256.
    expect(sampled[0]?.region).toEqual({
      centerX: 300,
      centerY: 200,
      width: 750,
      height: 1000,
      rotation: 0,
    });
    expect(poses).toHaveLength(1);
    // A bin counts from the middle of the picture's first pixel, which is 750 / 192 of the frame's wide.
    const halfPixel = 750 / 192 / 2;
    expect(poses[0]?.keypoints[0]?.x).toBeCloseTo(300 - 375 + 0.25 * 750 + halfPixel, 9);
    expect(poses[0]?.keypoints[0]?.y).toBeCloseTo(200 - 250 + halfPixel, 9);
    expect(poses[0]?.keypoints[16]?.x).toBeCloseTo(300 + halfPixel, 9);
    expect(poses[0]?.keypoints[16]?.y).toBeCloseTo(200 + halfPixel, 9);
    expect(poses[0]?.keypoints[16]?.score).toBeCloseTo(0.6, 6);
    expect(network.given[0]?.['input']?.shape).toEqual([1, 3, 256, 192]);
  });

  it('keeps scores in [0, 1]', async () => {
    for (const [raw, score] of [
      [1.3, 1],
      [-0.05, 0],
    ] as const) {
      const network = prepareNetwork(inputs, outputs, [diagonal(raw, raw)]);
      const { parts } = prepareParts({ model: network, detector: detectorSeeing(onePerson) });
      const { poses } = await createSimccPipeline(config, parts).estimate(sizedFrame(640, 320), 0);
      expect(poses[0]?.score).toBe(score);
    }
  });

  it('follows the joints of the last frame until they are lost', async () => {
    const answers = [diagonal(0.9, 0.9), diagonal(0.1, 0.1), diagonal(0.9, 0.9)];
    const network = prepareNetwork(inputs, outputs, answers);
    const { parts, sampled } = prepareParts({ model: network });
    const pipeline = createSimccPipeline(config, parts);
    const found: number[] = [];
    for (const time of [0, 1, 2]) {
      found.push((await pipeline.estimate(sizedFrame(600, 400), time)).poses.length);
    }
    expect(found).toEqual([1, 0, 1]);
    pipeline.reset();
    await pipeline.estimate(sizedFrame(600, 400), 3);
    // The joints reach over a quarter of 750 × 1000, and the region over 1.25 times that.
    expect(sampled.map(({ region }) => region.height)).toEqual([1000, 312.5, 1000, 1000]);
    expect(sampled[1]?.region.centerX).toBe(300 - 375 / 4 + 750 / 192 / 2);
  });

  it('looks at the whole of every picture when it does not track', async () => {
    const network = prepareNetwork(inputs, outputs, [diagonal(0.9, 0.9)]);
    const { parts, sampled } = prepareParts({ model: network }, { tracking: false });
    const pipeline = createSimccPipeline(config, parts);
    for (const time of [0, 1]) await pipeline.estimate(sizedFrame(600, 400), time);
    expect(sampled.map(({ region }) => region.height)).toEqual([1000, 1000]);
  });

  it('looks into the boxes of a detector, the best first', async () => {
    const detector = detectorSeeing([
      [80, 80, 160, 240, 0.5, PERSON],
      [160, 80, 240, 240, 0.9, PERSON],
      [10, 80, 20, 100, 0.2, PERSON],
      [20, 90, 60, 120, 0.8, DOG],
    ]);
    const network = prepareNetwork(inputs, outputs, [diagonal(0.9, 0.9)]);
    const { parts, sampled } = prepareParts({ model: network, detector });
    const { poses } = await createSimccPipeline(config, parts).estimate(sizedFrame(640, 320), 0);
    expect(poses).toHaveLength(2);
    // The detector's picture is 640 × 640 pixels of the frame, of which 160 are above it.
    expect(sampled.map(({ region }) => [region.centerX, region.centerY, region.height])).toEqual([
      [320, 160, 640],
      [400, 160, 400],
      [240, 160, 400],
    ]);
    expect(sampled[0]?.input).toMatchObject({ channels: 'bgr', border: 114 });
    const alone = prepareParts({ model: network, detector }, { maxPoses: 1 });
    const best = await createSimccPipeline(config, alone.parts).estimate(sizedFrame(640, 320), 0);
    expect(best.poses).toHaveLength(1);
    expect(alone.sampled[1]?.region.centerX).toBe(400);
  });

  it('finds nobody without a detector where fewer than four joints are sure', async () => {
    const sureJoints = async (count: number, tracking: boolean) => {
      const answer = diagonal(0.1, 0.9);
      const { simcc_x: xBins } = diagonal(0.9, 0.9);
      answer.simcc_x.data.set(xBins.data.subarray(0, count * COLUMNS));
      const network = prepareNetwork(inputs, outputs, [answer]);
      const { parts } = prepareParts({ model: network }, { tracking });
      return (await createSimccPipeline(config, parts).estimate(sizedFrame(600, 400), 0)).poses;
    };
    for (const tracking of [true, false]) {
      expect(await sureJoints(3, tracking)).toEqual([]);
      expect(await sureJoints(4, tracking)).toHaveLength(1);
    }
  });

  it('says so when a network gives no numbers', async () => {
    const broken = diagonal(0.9, 0.9);
    broken.simcc_y.data.fill(NaN);
    const estimate = (networks: Parameters<typeof prepareParts>[0]) =>
      createSimccPipeline(config, prepareParts(networks).parts).estimate(sizedFrame(640, 320), 0);
    const model = prepareNetwork(inputs, outputs, [broken]);
    await expect(estimate({ model })).rejects.toThrow(/no numbers.*another backend/);
    const detector = detectorSeeing([[80, 80, 160, 240, NaN, PERSON]]);
    const sound = prepareNetwork(inputs, outputs, [diagonal(0.9, 0.9)]);
    await expect(estimate({ model: sound, detector })).rejects.toThrow(/no numbers/);
  });

  it('tells the rows of x and y apart, whichever comes first', async () => {
    const network = prepareNetwork(inputs, outputs.toReversed(), [diagonal(0.9, 0.9)]);
    const { parts } = prepareParts({ model: network });
    const { poses } = await createSimccPipeline(config, parts).estimate(sizedFrame(600, 400), 0);
    expect(poses[0]?.keypoints[0]?.x).toBeCloseTo(300 - 375 + 0.25 * 750 + 750 / 192 / 2, 9);
    expect(poses[0]?.keypoints[0]?.y).toBeCloseTo(200 - 250 + 750 / 192 / 2, 9);
  });

  it('refuses other networks, other detectors and another split ratio', () => {
    const network = prepareNetwork(inputs, outputs);
    const halpe = prepareNetwork(inputs, [
      tensorInfo('simcc_x', [1, 26, COLUMNS]),
      tensorInfo('simcc_y', [1, 26, ROWS]),
    ]);
    const yolox = prepareNetwork(
      [tensorInfo('images', [1, 3, 416, 416])],
      [tensorInfo('output', [1, 3549, 85])],
    );
    const create = (networks: Parameters<typeof prepareParts>[0], splitRatio = 2) =>
      createSimccPipeline({ ...config, splitRatio }, prepareParts(networks).parts);
    expect(() => create({ model: halpe })).toThrow(/1×26×384, 1×26×512.*1×17×384, 1×17×512/);
    expect(() => create({ model: network, detector: yolox })).toThrow(/1×3549×85.*1×\?×5/);
    expect(() => create({ model: network }, 3)).toThrow(/2 bins per pixel.*says 3/);
  });
});
