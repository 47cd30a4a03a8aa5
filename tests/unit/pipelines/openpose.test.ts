import { describe, expect, it } from 'vitest';
import { assemblePeople } from '../../../src/lib/pipelines/openpose/assemble-people.ts';
import { bodyLayouts } from '../../../src/lib/pipelines/openpose/body-layouts.ts';
import { findPeaks } from '../../../src/lib/pipelines/openpose/heat-map-peaks.ts';
import { createOpenposePipeline } from '../../../src/lib/pipelines/openpose/openpose-pipeline.ts';
import type { InputNormalisation } from '../../../src/lib/pipelines/pipeline-config.ts';
import { scoreLimbs } from '../../../src/lib/pipelines/openpose/score-limbs.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import { drawPeople, stackMaps } from './drawn-people.ts';
import type { DrawnJoint } from './drawn-people.ts';
import { prepareNetwork, prepareParts, sizedFrame, tensorInfo } from './prepared-network.ts';

const normalisation: InputNormalisation = { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] };
const WIDTH = 40;
const HEIGHT = 34;

/** Two people side by side whose left thighs cross: each one's knee is nearer to the other's hip. */
const crossing: readonly (readonly DrawnJoint[])[] = [
  [
    [10, 4],
    [10.3, 7],
    [7.5, 7.2],
    [5.5, 10.3],
    [4.6, 13.4],
    [12.5, 7],
    [16.4, 10.1],
    [20.8, 13.2],
    [8.5, 15.2],
    [8.3, 20.4],
    [8.1, 25.3],
    [11.6, 15],
    [22, 20],
    [24.2, 25.4],
    [9.4, 3.2],
    [10.7, 3.3],
    [8.5, 3.7],
    [11.5, 3.6],
  ],
  [
    [22, 5.2],
    [22.3, 8],
    [19.5, 8.2],
    [17.2, 11.6],
    [14.3, 14.1],
    [24.7, 8.3],
    [26.1, 11.2],
    [27.4, 14.6],
    [20.5, 16.2],
    [20.2, 21.4],
    [19.7, 26.5],
    [23.6, 16],
    [13, 21],
    [12.3, 26.2],
    [21.4, 4.2],
    [22.8, 4.4],
    [20.6, 4.7],
    [23.5, 4.6],
  ],
];

type Skeleton = 'openpose-18' | 'openpose-25';
type Form = { axes: 'nhwc' | 'nchw'; outputs: 1 | 2 };

/** A pipeline whose network sees the drawn people in every frame. */
function pipelineSeeing(
  people: readonly (readonly DrawnJoint[])[],
  skeleton: Skeleton = 'openpose-18',
  { axes, outputs }: Form = { axes: 'nhwc', outputs: 1 },
  maxPoses = 10,
) {
  const layout = bodyLayouts[skeleton];
  const maps = drawPeople(layout, people, WIDTH, HEIGHT);
  const stack = (part: readonly Float32Array[]) => stackMaps(part, WIDTH, HEIGHT, axes);
  const answer =
    outputs === 1
      ? { fields: stack(maps) }
      : {
          // Ports of the Caffe network name the fields first.
          pafs: stack(maps.slice(layout.heatChannels)),
          heat: stack(maps.slice(0, layout.heatChannels)),
        };
  const network = prepareNetwork(
    [tensorInfo('image', [1, -1, -1, 3])],
    Object.entries(answer).map(([name, { shape }]) => tensorInfo(name, shape)),
    [answer],
  );
  const { parts, sampled } = prepareParts({ model: network }, { maxPoses });
  const config = { kind: 'openpose', skeleton, normalisation } as const;
  return { pipeline: createOpenposePipeline(config, parts), sampled };
}

/** A frame with the aspect of the network's picture, as large as the maps. */
const frame = sizedFrame(432, 368);
/** The frame's pixels per cell of the drawn maps, which are stretched over the picture. */
const SCALE = { x: 432 / WIDTH, y: 368 / HEIGHT };

/** The largest distance in cells between a pose and a drawn person, over the drawn joints. */
function distance(
  pose: { readonly keypoints: readonly { x: number; y: number; score: number }[] } | undefined,
  person: readonly DrawnJoint[],
): number {
  const distances = person.map((joint, index) => {
    const keypoint = pose?.keypoints[index];
    if (!joint) return keypoint?.score === 0 ? 0 : Infinity;
    if (!keypoint) return Infinity;
    const dx = keypoint.x / SCALE.x - 0.5 - joint[0];
    const dy = keypoint.y / SCALE.y - 0.5 - joint[1];
    return Math.hypot(dx, dy);
  });
  return Math.max(...distances);
}

/** A bump of one cell's width is found this well by parabolas along x and y. */
const TOLERANCE_CELLS = 0.08;

describe('OpenPose', () => {
  it.each<Form>([
    { axes: 'nhwc', outputs: 1 },
    { axes: 'nchw', outputs: 1 },
    { axes: 'nhwc', outputs: 2 },
    { axes: 'nchw', outputs: 2 },
  ])('tells people apart whose limbs cross ($axes, $outputs outputs)', async (form) => {
    const { pipeline } = pipelineSeeing(crossing, 'openpose-18', form);
    const { poses } = await pipeline.estimate(frame, 0);
    expect(poses).toHaveLength(2);
    const byPlace = poses.toSorted((a, b) => (a.keypoints[0]?.x ?? 0) - (b.keypoints[0]?.x ?? 0));
    for (const [index, person] of crossing.entries()) {
      expect(distance(byPlace[index], person)).toBeLessThan(TOLERANCE_CELLS);
    }
  });

  it('leaves out joints that are not seen, and scores who is seen better first', async () => {
    const half = crossing[0]!.map((joint, index) =>
      [9, 10, 12, 13].includes(index) ? null : joint,
    );
    const { pipeline } = pipelineSeeing([half, crossing[1]!]);
    const { poses } = await pipeline.estimate(frame, 0);
    expect(poses.map(({ score }) => score)).toEqual(
      poses.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(distance(poses[0], crossing[1]!)).toBeLessThan(TOLERANCE_CELLS);
    expect(distance(poses[1], half)).toBeLessThan(TOLERANCE_CELLS);
    expect(poses[1]?.keypoints[9]).toEqual({ x: 0, y: 0, score: 0 });
  });

  it('gives no more people than asked for', async () => {
    const { pipeline } = pipelineSeeing(crossing, 'openpose-18', undefined, 1);
    expect((await pipeline.estimate(frame, 0)).poses).toHaveLength(1);
  });

  it('needs more than three joints, and finds nobody in nothing', async () => {
    const three = crossing[0]!.map((joint, index) => (index < 3 ? joint : null));
    expect((await pipelineSeeing([three]).pipeline.estimate(frame, 0)).poses).toEqual([]);
    expect((await pipelineSeeing([]).pipeline.estimate(frame, 0)).poses).toEqual([]);
  });

  it('reads BODY_25 as well', async () => {
    // Its joints: those of COCO-18 with the middle of the hips at 8, and the feet at the end.
    const [coco] = crossing;
    const ankles = { right: coco![10]!, left: coco![13]! };
    const foot = ([x, y]: readonly [number, number], side: number): DrawnJoint[] => [
      [x + 1.5 * side, y + 2.5],
      [x + 2.5 * side, y + 2],
      [x - 0.5 * side, y + 1.5],
    ];
    const person = [
      ...coco!.slice(0, 8),
      [10.1, 15.1] as const,
      ...coco!.slice(8),
      ...foot(ankles.left, 1),
      ...foot(ankles.right, -1),
    ];
    const { pipeline } = pipelineSeeing([person], 'openpose-25', { axes: 'nchw', outputs: 1 });
    const { poses } = await pipeline.estimate(frame, 0);
    expect(poses).toHaveLength(1);
    expect(poses[0]?.skeleton).toBe('openpose-25');
    expect(distance(poses[0], person)).toBeLessThan(TOLERANCE_CELLS);
  });

  it('keeps the aspect of the frame: the region has that of the picture', async () => {
    const { pipeline, sampled } = pipelineSeeing([]);
    await pipeline.estimate(sizedFrame(768, 432), 0);
    const [first] = sampled;
    expect(first?.input).toMatchObject({ widthPx: 432, heightPx: 368, channels: 'bgr' });
    expect(first?.region.width).toBe(768);
    expect(first?.region.height).toBeCloseTo((768 * 368) / 432, 9);
  });

  it.each<Form>([
    { axes: 'nhwc', outputs: 1 },
    { axes: 'nhwc', outputs: 2 },
  ])('says so when the network gives no numbers ($outputs outputs)', async (form) => {
    const broken: DrawnJoint = [NaN, 3];
    const { pipeline } = pipelineSeeing([[...crossing[0]!.slice(0, 17), broken]], undefined, form);
    await expect(pipeline.estimate(frame, 0)).rejects.toThrow(/no numbers.*another backend/);
  });

  it('refuses a network of another layout', () => {
    const network = prepareNetwork(
      [tensorInfo('image', [1, 368, 432, 3])],
      [tensorInfo('maps', [1, 46, 54, 57])],
    );
    const config = { kind: 'openpose', skeleton: 'openpose-25', normalisation } as const;
    expect(() => createOpenposePipeline(config, prepareParts({ model: network }).parts)).toThrow(
      /1×46×54×57, but the OpenPose \(openpose-25\) pipeline expects 1×\?×\?×3 → 1×\?×\?×78/,
    );
  });
});

describe('the layouts', () => {
  it.each(['openpose-18', 'openpose-25'] as const)('%s uses every channel once', (skeleton) => {
    const { limbs, affinityChannels, jointCount, heatChannels } = bodyLayouts[skeleton];
    const channels = limbs.flatMap(({ channel }) => [channel, channel + 1]);
    expect(channels.toSorted((a, b) => a - b)).toEqual([...Array(affinityChannels).keys()]);
    expect(skeletons[skeleton].keypointNames).toHaveLength(jointCount);
    expect(heatChannels).toBe(jointCount + 1);
    for (const [from, to] of skeletons[skeleton].bones) {
      expect(limbs).toContainEqual(expect.objectContaining({ from, to }));
    }
  });
});

describe('findPeaks', () => {
  function mapsOf(rows: readonly (readonly number[])[]) {
    const width = rows[0]!.length;
    return {
      data: Float32Array.from(rows.flat()),
      width,
      height: rows.length,
      origin: 0,
      channel: 0,
      row: width,
      column: 1,
    };
  }

  it('finds one peak on a plateau, and peaks at the border where they are', () => {
    const plateau = mapsOf([
      [0, 0, 0, 0],
      [0, 0.5, 0.5, 0],
      [0, 0, 0, 0],
    ]);
    expect(findPeaks(plateau, 1)).toEqual([{ joint: 0, x: 1.5, y: 1, score: 0.5 }]);
    const corner = mapsOf([
      [0.8, 0.5],
      [0.4, 0],
    ]);
    expect(findPeaks(corner, 1)).toMatchObject([{ x: 0, y: 0 }]);
  });

  it('leaves out what is hardly above nothing', () => {
    expect(findPeaks(mapsOf([[0, 0.04, 0]]), 1)).toEqual([]);
  });
});

describe('scoreLimbs', () => {
  /** A field of ten cells in two rows along which as many agree from the first on as is said. */
  function limbsWhere(agreeing: number) {
    const alongX = Array.from({ length: 10 }, (_, x) => (x < agreeing ? 0.8 : 0));
    const zeros = Array<number>(20).fill(0);
    const data = Float32Array.from([...alongX, ...alongX, ...zeros]);
    const field = { data, width: 10, height: 2, origin: 0, channel: 20, row: 10, column: 1 };
    const peaks = [0, 9].map((x, joint) => ({ joint, x, y: 0, score: 0.9 }));
    return scoreLimbs(peaks, [{ from: 0, to: 1, channel: 0 }], field);
  }

  it('wants more than eight of its ten samples to agree', () => {
    expect(limbsWhere(8)).toEqual([]);
    const [limb, ...others] = limbsWhere(9);
    expect(others).toEqual([]);
    expect(limb).toMatchObject({ from: 0, to: 1 });
    expect(limb?.score).toBeCloseTo(0.8, 6);
  });
});

describe('assemblePeople', () => {
  /** Eight joints of two people: peak 2j is joint j of the first, 2j + 1 of the second. */
  const peaks = Array.from({ length: 8 }, (_, index) => ({
    joint: Math.floor(index / 2),
    x: 0,
    y: 0,
    score: 0.9,
  }));
  const own = [
    { from: 0, to: 2, score: 0.9 },
    { from: 2, to: 4, score: 0.8 },
    { from: 4, to: 6, score: 0.7 },
    { from: 1, to: 3, score: 0.9 },
    { from: 3, to: 5, score: 0.8 },
    { from: 5, to: 7, score: 0.7 },
  ];
  const joints = (limbs: readonly { from: number; to: number; score: number }[]) =>
    assemblePeople(peaks, limbs, 4, 4)
      .map((person) => [...person.peaks])
      .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

  it('drops a limb between people who both have the joint already', () => {
    expect(joints([...own, { from: 2, to: 5, score: 0.6 }])).toEqual([
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ]);
  });

  it('believes the surer of two limbs that compete', () => {
    const swapped = own.filter(({ from }) => from !== 2 && from !== 3);
    expect(
      joints([...swapped, { from: 2, to: 5, score: 0.5 }, { from: 3, to: 4, score: 0.5 }]),
    ).toEqual([
      [0, 2, 5, 7],
      [1, 3, 4, 6],
    ]);
  });

  it('joins two parts of one person, whichever limb comes first', () => {
    const late = own.map((limb) => (limb.from === 2 ? { ...limb, score: 0.1 } : limb));
    expect(joints(late)).toEqual([
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ]);
  });

  it('drops people whose joints are not sure enough', () => {
    const faint = peaks.map((peak) => ({ ...peak, score: 0.1 }));
    const limbs = own.map((limb) => ({ ...limb, score: 0.1 }));
    expect(assemblePeople(faint, limbs, 4, 4)).toEqual([]);
  });

  it('does not count feet', () => {
    expect(assemblePeople(peaks, own, 4, 3)).toEqual([]);
  });
});
