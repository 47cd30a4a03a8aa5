import { describe, expect, it } from 'vitest';
import { decodePeople } from '../../../src/lib/pipelines/yolo-pose/decode-people.ts';
import { createYoloPosePipeline } from '../../../src/lib/pipelines/yolo-pose/yolo-pose-pipeline.ts';
import { prepareNetwork, prepareParts, sizedFrame, tensorInfo } from './prepared-network.ts';

/** A candidate in fractions of the picture: box centre and size, score, and one place for all joints. */
type Candidate = {
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly score: number;
  readonly joint: readonly [x: number, y: number, score: number];
};

const SIDE_PX = 640;
const CANDIDATES = 8400;
/** The frame is as wide as the picture: 140 px of the picture are above it. */
const frame = sizedFrame(640, 360);

const first: Candidate = { box: [0.3, 0.5, 0.2, 0.4], score: 0.9, joint: [0.25, 0.4, 0.8] };
const sameAsFirst: Candidate = { box: [0.31, 0.5, 0.2, 0.4], score: 0.8, joint: [0.26, 0.4, 0.8] };
const second: Candidate = { box: [0.7, 0.5, 0.2, 0.4], score: 0.5, joint: [0.75, 0.6, 0.3] };
const nobody: Candidate = { box: [0.5, 0.2, 0.1, 0.1], score: 0.24, joint: [0.5, 0.2, 0.3] };
const all = [second, nobody, sameAsFirst, first];

type Export = {
  readonly order: 'by-value' | 'by-candidate' | 'people';
  readonly scale: number;
  readonly jointScale?: number;
};

/** What a network that sees these candidates gives. */
function outputOf(candidates: readonly Candidate[], { order, scale, jointScale = scale }: Export) {
  const rows = candidates.map(({ box: [x, y, width, height], score, joint }) => {
    const joints = Array.from({ length: 17 }, () => [
      joint[0] * jointScale,
      joint[1] * jointScale,
      joint[2],
    ]).flat();
    const corners = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    return order === 'people'
      ? [...corners.map((value) => value * scale), score, 0, ...joints]
      : [...[x, y, width, height].map((value) => value * scale), score, ...joints];
  });
  const values = order === 'people' ? 57 : 56;
  const count = order === 'people' ? 300 : CANDIDATES;
  const data = new Float32Array(values * count);
  rows.forEach((row, index) => {
    row.forEach((value, at) => {
      data[order === 'by-value' ? at * count + index : index * values + at] = value;
    });
  });
  return { shape: order === 'by-value' ? [1, values, count] : [1, count, values], data };
}

function pipelineSeeing(candidates: readonly Candidate[], form: Export, maxPoses = 10) {
  const output = outputOf(candidates, form);
  const network = prepareNetwork(
    [tensorInfo('images', [1, 3, SIDE_PX, SIDE_PX])],
    [tensorInfo('output0', output.shape)],
    [{ output0: output }],
  );
  const { parts, sampled } = prepareParts({ model: network }, { maxPoses });
  return { pipeline: createYoloPosePipeline(parts), sampled, network };
}

describe('YOLO pose', () => {
  it.each<Export>([
    { order: 'by-value', scale: SIDE_PX },
    { order: 'by-value', scale: 1 },
    { order: 'by-candidate', scale: SIDE_PX },
    { order: 'by-value', scale: 1, jointScale: SIDE_PX },
  ])('finds each person once in $order × $scale', async (form) => {
    const { poses } = await pipelineSeeing(all, form).pipeline.estimate(frame, 0);
    expect(poses.map(({ score }) => score.toFixed(2))).toEqual(['0.90', '0.50']);
    const [best, other] = poses.map(({ keypoints }) => keypoints[16]);
    expect(best?.x).toBeCloseTo(160, 3);
    expect(best?.y).toBeCloseTo(0.4 * 640 - 140, 3);
    expect(best?.score).toBeCloseTo(0.8, 6);
    expect(other?.x).toBeCloseTo(480, 3);
  });

  it.each<Export>([
    { order: 'people', scale: SIDE_PX },
    { order: 'people', scale: 1 },
  ])('takes an end-to-end network at its word, × $scale', async (form) => {
    const { poses } = await pipelineSeeing(all, form).pipeline.estimate(frame, 0);
    expect(poses.map(({ score }) => score.toFixed(2))).toEqual(['0.90', '0.80', '0.50']);
    expect(poses[0]?.keypoints[0]?.x).toBeCloseTo(160, 3);
    expect(poses[0]?.keypoints[0]?.y).toBeCloseTo(116, 3);
  });

  it('does not take fractions for pixels when somebody leaves the picture', async () => {
    const leaving = { ...first, joint: [0.9, 1.8, 0.4] as const };
    const { pipeline } = pipelineSeeing([leaving], { order: 'by-value', scale: 1 });
    const { poses } = await pipeline.estimate(frame, 0);
    expect(poses[0]?.keypoints[0]?.y).toBeCloseTo(1.8 * 640 - 140, 3);
  });

  it('does not take pixels for fractions when somebody small is in the corner', async () => {
    const small: Candidate = {
      box: [8 / 640, 8 / 640, 16 / 640, 16 / 640],
      score: 0.9,
      joint: [8 / 640, 8 / 640, 0.9],
    };
    const { pipeline } = pipelineSeeing([small], { order: 'by-value', scale: SIDE_PX });
    const { poses } = await pipeline.estimate(frame, 0);
    expect(poses[0]?.keypoints[0]?.x).toBeCloseTo(8, 3);
  });

  it('gives no more people than asked for, the best, and none where nobody is', async () => {
    const form: Export = { order: 'by-value', scale: 1 };
    const one = await pipelineSeeing(all, form, 1).pipeline.estimate(frame, 0);
    expect(one.poses.map(({ score }) => score.toFixed(2))).toEqual(['0.90']);
    const none = await pipelineSeeing([nobody], form).pipeline.estimate(frame, 0);
    expect(none.poses).toEqual([]);
  });

  it.each<Export>([
    { order: 'by-value', scale: 1 },
    { order: 'by-candidate', scale: SIDE_PX },
    { order: 'people', scale: 1 },
  ])('keeps scores in [0, 1] in $order × $scale', async (form) => {
    const sure: Candidate = { ...first, score: 1.02, joint: [0.25, 0.4, 1.01] };
    const unsure: Candidate = { ...second, joint: [0.75, 0.6, -0.01] };
    const { poses } = await pipelineSeeing([sure, unsure], form).pipeline.estimate(frame, 0);
    expect(poses[0]?.score).toBe(1);
    expect(poses.map(({ keypoints }) => keypoints[0]?.score)).toEqual([1, 0]);
  });

  it('says so when the network gives no numbers, and takes them for nobody', async () => {
    const broken: Candidate = { ...first, score: NaN };
    for (const order of ['by-value', 'by-candidate', 'people'] as const) {
      const { pipeline } = pipelineSeeing([broken, second], { order, scale: 1 });
      await expect(pipeline.estimate(frame, 0)).rejects.toThrow(/no numbers.*another backend/);
      const output = outputOf([broken, second], { order, scale: 1 });
      const people = decodePeople(output, order, { widthPx: SIDE_PX, heightPx: SIDE_PX }, 10);
      expect(people.map(({ score }) => score)).toEqual([0.5]);
    }
  });

  it('asks for RGB in [0, 1], channels first where the network has them first', async () => {
    const { pipeline, sampled, network } = pipelineSeeing(all, { order: 'by-value', scale: 1 });
    await pipeline.estimate(frame, 0);
    expect(sampled[0]).toMatchObject({
      region: { centerX: 320, centerY: 180, width: 640, height: 640 },
      input: {
        layout: 'nchw',
        channels: 'rgb',
        mean: [0, 0, 0],
        std: [255, 255, 255],
        border: 114,
      },
    });
    expect(network.given[0]?.['images']?.shape).toEqual([1, 3, 640, 640]);
  });

  it('refuses a network that detects but has no joints', () => {
    const network = prepareNetwork(
      [tensorInfo('images', [1, 3, 640, 640])],
      [tensorInfo('output0', [1, 84, 8400])],
    );
    expect(() => createYoloPosePipeline(prepareParts({ model: network }).parts)).toThrow(
      /1×84×8400, but the YOLO pose pipeline expects .*1×56×\?/,
    );
  });
});
