import { describe, expect, it } from 'vitest';
import { createBlazeposePipeline } from '../../../src/lib/pipelines/blazepose/blazepose-pipeline.ts';
import { warpedRegion } from '../../../src/lib/pipelines/blazepose/warped-region.ts';
import { PipelineError } from '../../../src/lib/pipelines/pose-pipeline.ts';
import { letterbox } from '../../../src/lib/pipelines/region.ts';
import type { PipelineOptions, PosePipeline } from '../../../src/lib/pipelines/pose-pipeline.ts';
import { prepareNetwork, prepareParts, sizedFrame, tensorInfo } from './prepared-network.ts';

const ANCHORS = 2254;
/** The anchor in the middle of the detector's picture, and one five eighths of the way to its left edge. */
const MIDDLE = 1960 + 6 * 24;
const LEFT = 1960 + 6 * 22;
const frame = sizedFrame(224, 224);

const detectorInputs = [tensorInfo('input', [1, 224, 224, 3])];
const detectorOutputs = [tensorInfo('a', [1, ANCHORS, 12]), tensorInfo('b', [1, ANCHORS, 1])];
const landmarksInputs = [tensorInfo('input', [1, 256, 256, 3])];
const landmarksOutputs = [
  tensorInfo('mask', [1, 256, 256, 1]),
  tensorInfo('world', [1, 117]),
  tensorInfo('heat', [1, 64, 64, 39]),
  tensorInfo('points', [1, 195]),
  tensorInfo('flag', [1, 1]),
];

/** The detector's answer: somebody 40 px tall from the hips up, at each of these anchors. */
function seen(...anchors: number[]) {
  const boxes = new Float32Array(12 * ANCHORS);
  const scores = new Float32Array(ANCHORS).fill(-9);
  for (const anchor of anchors) {
    scores[anchor] = 9;
    boxes.set([0, 0, 20, 20, 0, 0, 0, -40], 12 * anchor);
  }
  return {
    a: { shape: [1, ANCHORS, 12], data: boxes },
    b: { shape: [1, ANCHORS, 1], data: scores },
  };
}

const cold = new Float32Array(64 * 64 * 39).fill(-40);

/** The landmark network's answer: everything in the middle, but where the next frame is looked into. */
function person(presence: number, nextX = 138) {
  const points = new Float32Array(195).fill(128);
  points.set([nextX, 128], 5 * 33);
  points.set([nextX, 26], 5 * 34);
  return {
    points: { shape: [1, 195], data: points },
    flag: { shape: [1, 1], data: Float32Array.of(presence) },
    heat: { shape: [1, 64, 64, 39], data: cold },
  };
}

function prepare(
  detections: ReturnType<typeof seen>[],
  people: ReturnType<typeof person>[],
  options: Partial<PipelineOptions> = {},
) {
  const detector = prepareNetwork(detectorInputs, detectorOutputs, detections);
  const landmarks = prepareNetwork(landmarksInputs, landmarksOutputs, people);
  const { parts, sampled } = prepareParts({ detector, landmarks }, { maxPoses: 1, ...options });
  return { pipeline: createBlazeposePipeline(parts), detector, landmarks, sampled };
}

/** Numbers that went through a tensor. */
const close = (value: number) => expect.closeTo(value, 3) as number;

describe('BlazePose', () => {
  it('looks at the whole frame, then at the person, and tells where the time went', async () => {
    const { pipeline, sampled } = prepare([seen(MIDDLE)], [person(0.9)]);
    const estimate = await pipeline.estimate(sizedFrame(448, 224), 0);
    expect(sampled).toHaveLength(2);
    const [whole, near] = sampled;
    expect(whole?.region).toEqual(warpedRegion(letterbox(448, 224, 1), 224));
    expect(whole?.input).toMatchObject({ widthPx: 224, mean: [127.5, 127.5, 127.5] });
    expect(whole?.input.border).toBe(0);
    // The frame is twice as large as the detector's picture: 2 · 40 px, 2.5 times that.
    const region = { centerX: 224, centerY: 112, width: 200, height: 200, rotation: 0 };
    const drawn = warpedRegion(region, 256);
    expect(near?.region).toEqual({
      ...drawn,
      centerX: close(drawn.centerX),
      centerY: close(drawn.centerY),
      width: close(200),
      height: close(200),
    });
    expect(near?.input).toMatchObject({ widthPx: 256, std: [255, 255, 255], border: 'edge' });

    const [pose] = estimate.poses;
    expect(pose?.skeleton).toBe('blazepose-33');
    expect(pose?.score).toBeCloseTo(0.9, 6);
    expect(pose?.keypoints).toHaveLength(33);
    expect(pose?.keypoints[0]).toEqual({ x: close(224), y: close(112), score: close(1) });
    // The clock moves on by 1 ms with every look at it: three per network.
    expect(estimate).toMatchObject({ preprocessMs: 2, inferenceMs: 2, postprocessMs: 3 });
  });

  it('follows the person without the detector, and searches again once they are lost', async () => {
    const answers = [person(0.9), person(0.8), person(0.5), person(0.9)];
    const { pipeline, detector, sampled } = prepare([seen(MIDDLE)], answers);
    const found = [];
    for (let at = 0; at < 4; at += 1) found.push((await pipeline.estimate(frame, at)).poses.length);
    // Presence must be above one half; the frame after the one without is searched anew.
    expect(found).toEqual([1, 1, 0, 1]);
    expect(detector.given).toHaveLength(2);
    expect(sampled.map(({ input }) => input.widthPx)).toEqual([224, 256, 256, 256, 224, 256]);
    // 10 of 256 px to the right of the first region, 100 px large; reaching 102 px up in it.
    const drawn = warpedRegion(
      {
        centerX: 112 + (10 / 256) * 100,
        centerY: 112,
        width: 2.5 * (102 / 256) * 100,
        height: 2.5 * (102 / 256) * 100,
        rotation: 0,
      },
      256,
    );
    expect(sampled[2]?.region.centerX).toBeCloseTo(drawn.centerX, 3);
    expect(sampled[2]?.region.width).toBeCloseTo(drawn.width, 3);
  });

  it('searches each frame when nothing is to be followed, and after being told to forget', async () => {
    const still = prepare([seen(MIDDLE)], [person(0.9)], { tracking: false });
    for (let at = 0; at < 3; at += 1) await still.pipeline.estimate(frame, at);
    expect(still.detector.given).toHaveLength(3);

    const followed = prepare([seen(MIDDLE)], [person(0.9)]);
    await followed.pipeline.estimate(frame, 0);
    followed.pipeline.reset();
    await followed.pipeline.estimate(frame, 1);
    expect(followed.detector.given).toHaveLength(2);
  });

  it('runs only the detector where nobody is', async () => {
    const { pipeline, landmarks } = prepare([seen()], []);
    expect((await pipeline.estimate(frame, 0)).poses).toEqual([]);
    expect(landmarks.given).toHaveLength(0);
  });

  it('returns as many people as wanted, and searches on while they are fewer', async () => {
    const both = seen(MIDDLE, LEFT);
    const one = prepare([both], [person(0.9)]);
    expect((await one.pipeline.estimate(frame, 0)).poses).toHaveLength(1);

    const several = prepare([seen(MIDDLE), both, both], [person(0.9, 128)], { maxPoses: 2 });
    expect((await several.pipeline.estimate(frame, 0)).poses).toHaveLength(1);
    // The one followed is detected again and is still one.
    expect((await several.pipeline.estimate(frame, 1)).poses).toHaveLength(2);
    expect(several.detector.given).toHaveLength(2);
    expect((await several.pipeline.estimate(frame, 2)).poses).toHaveLength(2);
    expect(several.detector.given).toHaveLength(2);
  });

  it('looks at neighbours once when it follows people, and at each in unrelated pictures', async () => {
    // 32 px apart, so that regions of 100 px overlap by 68 / 132.
    const neighbours = seen(MIDDLE, MIDDLE - 6);
    const followed = prepare([neighbours], [person(0.9)], { maxPoses: 2 });
    expect((await followed.pipeline.estimate(frame, 0)).poses).toHaveLength(1);
    const still = prepare([neighbours], [person(0.9)], { maxPoses: 2, tracking: false });
    expect((await still.pipeline.estimate(frame, 0)).poses).toHaveLength(2);
  });

  it('keeps scores in [0, 1]', async () => {
    const { pipeline } = prepare([seen(MIDDLE)], [person(1.004)]);
    expect((await pipeline.estimate(frame, 0)).poses[0]?.score).toBe(1);
  });

  it('says so when a network gives no numbers, before it looks where that leads', async () => {
    const estimate = (pipeline: PosePipeline) => pipeline.estimate(frame, 0);
    const meaning = /no numbers.*another backend/;

    const lost = seen(MIDDLE);
    lost.a.data.fill(NaN);
    const blind = prepare([lost], [person(0.9)]);
    await expect(estimate(blind.pipeline)).rejects.toThrow(meaning);
    expect(blind.sampled).toHaveLength(1);
    const unsure = seen(MIDDLE);
    unsure.b.data.fill(NaN);
    await expect(estimate(prepare([unsure], []).pipeline)).rejects.toThrow(meaning);

    await expect(estimate(prepare([seen(MIDDLE)], [person(NaN)]).pipeline)).rejects.toThrow(
      meaning,
    );
    const nowhere = prepare([seen(MIDDLE)], [person(0.9, NaN)]);
    await expect(estimate(nowhere.pipeline)).rejects.toThrow(meaning);
    expect(nowhere.sampled).toHaveLength(2);
    const heat = { shape: [1, 64, 64, 39], data: new Float32Array(64 * 64 * 39).fill(NaN) };
    const torn = prepare([seen(MIDDLE)], [{ ...person(0.9), heat }]);
    await expect(estimate(torn.pipeline)).rejects.toThrow(meaning);
  });

  it('refuses to smooth unrelated pictures', () => {
    const create = () => prepare([], [], { smoothing: true, tracking: false });
    expect(create).toThrow(PipelineError);
    expect(create).toThrow(/Switch smoothing off/);
  });

  it('smooths only when asked to', async () => {
    // The region moves on by 10 of its 256 px with each frame, and the keypoints with it.
    const lastX = async (smoothing: boolean) => {
      const { pipeline } = prepare([seen(MIDDLE)], [person(0.9)], { smoothing });
      await pipeline.estimate(frame, 0);
      return (await pipeline.estimate(frame, 33)).poses[0]?.keypoints[0]?.x ?? NaN;
    };
    const raw = await lastX(false);
    const smoothed = await lastX(true);
    expect(raw).toBeGreaterThan(112);
    expect(smoothed).toBeGreaterThan(112);
    expect(smoothed).toBeLessThan(raw);
  });

  it('takes pictures with channels first, as ONNX networks may have them', () => {
    const detector = prepareNetwork([tensorInfo('x', [1, 3, 224, 224])], detectorOutputs);
    const landmarks = prepareNetwork([tensorInfo('x', [1, 3, 256, 256])], landmarksOutputs);
    expect(() =>
      createBlazeposePipeline(prepareParts({ detector, landmarks }).parts),
    ).not.toThrow();
  });

  it('refuses networks that are not its own, and says what does not fit', () => {
    const detector = prepareNetwork(detectorInputs, detectorOutputs);
    const landmarks = prepareNetwork(landmarksInputs, landmarksOutputs);
    const create = (networks: Parameters<typeof prepareParts>[0]) => () =>
      createBlazeposePipeline(prepareParts(networks).parts);
    expect(create({ detector })).toThrow(PipelineError);
    expect(create({ detector })).toThrow(/named "landmarks"/);
    expect(create({ landmarks })).toThrow(/named "detector"/);
    expect(create({ detector: landmarks, landmarks })).toThrow(/2254×12.*for its detector/);
    expect(create({ detector, landmarks: detector })).toThrow(/1×195.*for its landmarks/);
    const small = prepareNetwork([tensorInfo('x', [1, 192, 192, 3])], landmarksOutputs);
    expect(create({ detector, landmarks: small })).toThrow(/1×192×192×3/);
    const quantised = prepareNetwork(
      [tensorInfo('x', [1, 256, 256, 3], 'uint8')],
      landmarksOutputs,
    );
    expect(create({ detector, landmarks: quantised })).toThrow(PipelineError);
  });
});
