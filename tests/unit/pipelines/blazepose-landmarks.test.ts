import { describe, expect, it } from 'vitest';
import { createLandmarkDecoder } from '../../../src/lib/pipelines/blazepose/decode-landmarks.ts';
import { joinPeople } from '../../../src/lib/pipelines/blazepose/followed-people.ts';
import { createOneEuroFilter } from '../../../src/lib/pipelines/blazepose/one-euro-filter.ts';
import { refineLandmarks } from '../../../src/lib/pipelines/blazepose/refine-landmarks.ts';
import { createKeypointSmoother } from '../../../src/lib/pipelines/blazepose/smooth-keypoints.ts';
import type { Region } from '../../../src/lib/pipelines/frame-sampler.ts';

const SIDE = 64;
const LANDMARKS = 39;
/** So low that even the sum over a kernel is nothing. */
const NOTHING = -40;

/** Heat maps that are cold but for these cells: landmark, column, row, value before the sigmoid. */
function heatMap(...cells: [landmark: number, column: number, row: number, raw: number][]) {
  const map = new Float32Array(SIDE * SIDE * LANDMARKS).fill(NOTHING);
  for (const [landmark, column, row, raw] of cells) {
    map[(row * SIDE + column) * LANDMARKS + landmark] = raw;
  }
  return map;
}

/** All landmarks at one place, refined. */
function refine(u: number, v: number, map: Float32Array) {
  const us = new Float32Array(LANDMARKS).fill(u);
  const vs = new Float32Array(LANDMARKS).fill(v);
  refineLandmarks(us, vs, map);
  return { us, vs };
}

describe('refineLandmarks', () => {
  it('moves a landmark to the mean of the cells around it, weighted by the heat map', () => {
    // σ(0) = 0.5 and σ(ln 3) = 0.75: the mean of the columns is (0.5 · 31 + 0.75 · 35) / 1.25.
    const { us, vs } = refine(0.5, 0.5, heatMap([5, 31, 30, 0], [5, 35, 30, Math.log(3)]));
    expect(us[5]).toBeCloseTo((0.5 * 31 + 0.75 * 35) / 1.25 / SIDE, 6);
    expect(vs[5]).toBeCloseTo(30 / SIDE, 6);
    expect([us[4], vs[4], us[6], vs[6]]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('does not look further than three cells', () => {
    // The landmark is in cell (32, 32).
    expect(refine(0.5, 0.5, heatMap([0, 35, 29, 9])).us[0]).toBeCloseTo(35 / SIDE, 6);
    expect(refine(0.5, 0.5, heatMap([0, 36, 32, 9])).us[0]).toBe(0.5);
    expect(refine(0.5, 0.5, heatMap([0, 28, 32, 9])).us[0]).toBe(0.5);
    expect(refine(0.5, 0.5, heatMap([0, 32, 36, 9])).vs[0]).toBe(0.5);
  });

  it('does not listen to a heat map that is nowhere surer than one half', () => {
    expect(refine(0.5, 0.5, heatMap([0, 35, 32, -0.01])).us[0]).toBe(0.5);
    expect(refine(0.5, 0.5, heatMap([0, 35, 32, 0.01])).us[0]).not.toBe(0.5);
  });

  it('looks at what there is at the edge, and leaves alone who is beyond', () => {
    expect(refine(0.999, 0, heatMap([0, 63, 2, 9])).vs[0]).toBeCloseTo(2 / SIDE, 6);
    for (const [u, v] of [
      [1.001, 0.5],
      [0.5, 1.5],
      [-0.02, 0.5],
      [0.5, NaN],
    ] as const) {
      const { us, vs } = refine(u, v, heatMap([0, 63, 32, 9], [0, 0, 32, 9], [0, 32, 63, 9]));
      expect(us[0]).toBe(Math.fround(u));
      expect(vs[0]).toBe(Math.fround(v));
    }
  });
});

describe('the decoder of landmarks', () => {
  it('projects keypoints out of a turned region and finds the next one from points 33 and 34', () => {
    const landmarks = new Float32Array(LANDMARKS * 5);
    const put = (landmark: number, x: number, y: number, visibility: number) => {
      landmarks.set([x, y, 0, visibility, 9], 5 * landmark);
    };
    put(0, 128, 64, Math.log(3));
    put(32, 256, 256, -9);
    put(33, 128, 192, 0);
    put(34, 192, 192, 0);
    const region: Region = {
      centerX: 300,
      centerY: 200,
      width: 512,
      height: 512,
      rotation: Math.PI / 2,
    };
    const { keypoints, nextRegion } = createLandmarkDecoder().decode(landmarks, heatMap(), region);
    expect(keypoints).toHaveLength(33);
    // A quarter of the side above the middle is, turned clockwise, to the right of it.
    expect(keypoints[0]?.x).toBeCloseTo(300 + 128, 9);
    expect(keypoints[0]?.y).toBeCloseTo(200, 9);
    expect(keypoints[0]?.score).toBeCloseTo(0.75, 6);
    expect(keypoints[32]?.x).toBeCloseTo(300 - 256, 9);
    expect(keypoints[32]?.y).toBeCloseTo(200 + 256, 9);
    expect(keypoints[32]?.score).toBeLessThan(0.001);
    // The hips are a quarter below the middle, the far point is a quarter to their right.
    expect(nextRegion.centerX).toBeCloseTo(300 - 128, 9);
    expect(nextRegion.centerY).toBeCloseTo(200, 9);
    expect(nextRegion.width).toBeCloseTo(2.5 * 128, 9);
    expect(Math.abs(nextRegion.rotation)).toBeCloseTo(Math.PI, 9);
  });
});

function square(centerX: number, side = 100): Region {
  return { centerX, centerY: 50, width: side, height: side, rotation: 0 };
}

describe('joinPeople', () => {
  const none = () => null;

  it('has those followed first, then the new ones, and not more than wanted', () => {
    const followed = [{ region: square(0), smoother: null }];
    const people = joinPeople(followed, [square(300), square(600)], none, 2);
    expect(people.map(({ region }) => region.centerX)).toEqual([0, 300]);
  });

  it('takes the newer of two regions that overlap by more than half, with what it knew of them', () => {
    const smoother = createKeypointSmoother();
    const followed = [
      { region: square(0), smoother },
      { region: square(500), smoother: null },
    ];
    // Overlap 70 / 130 and 60 / 140.
    const people = joinPeople(followed, [square(30), square(540)], none, 9);
    expect(people.map(({ region }) => region.centerX)).toEqual([500, 30, 540]);
    expect(people.map((person) => person.smoother)).toEqual([null, smoother, null]);
  });

  it('looks once where two who were followed have become one', () => {
    const followed = [0, 5].map((x) => ({ region: square(x), smoother: null }));
    expect(joinPeople(followed, [], none, 9).map(({ region }) => region.centerX)).toEqual([5]);
  });
});

describe('smoothing', () => {
  it('is the 1€ filter: little weight on what rests, much on what moves', () => {
    const filter = createOneEuroFilter({ minCutoffHz: 1, beta: 0.5, derivativeCutoffHz: 1 });
    expect(filter.apply(0, 10, 1)).toBe(10);
    // By hand: at 10 Hz a cut-off of f Hz has the weight 1 / (1 + 10 / (2πf)). Speed 100/s · w(1 Hz).
    const weight = (cutoffHz: number) => 1 / (1 + 10 / (2 * Math.PI * cutoffHz));
    const speed = 100 * weight(1);
    const expected = 10 + 10 * weight(1 + 0.5 * speed);
    expect(filter.apply(0.1, 20, 1)).toBeCloseTo(expected, 9);
    expect(filter.apply(0.1, 77, 1)).toBe(77);
    const slower = speed * (1 - weight(1));
    const next = expected + (20 - expected) * weight(1 + 0.5 * slower);
    expect(filter.apply(0.2, 20, 1)).toBeCloseTo(next, 9);
  });

  it('counts speed in regions, and lowers jitter of a person who stands still', () => {
    const jitter = (sizePx: number) => {
      const smoother = createKeypointSmoother();
      const xs = Array.from({ length: 60 }, (_, frame) => {
        const keypoint = { x: 100 + (frame % 2), y: 50, score: 1 };
        return smoother.smooth([keypoint], frame * 33, sizePx)[0]?.x ?? NaN;
      }).slice(30);
      return Math.max(...xs) - Math.min(...xs);
    };
    expect(jitter(1000)).toBeLessThan(0.5);
    expect(jitter(100)).toBeGreaterThan(jitter(1000));
  });

  it('follows visibility slowly: a tenth of what changed', () => {
    const smoother = createKeypointSmoother();
    const seen = (score: number, ms: number) =>
      smoother.smooth([{ x: 0, y: 0, score }], ms, 100)[0]?.score;
    expect(seen(1, 0)).toBe(1);
    expect(seen(0, 33)).toBeCloseTo(0.9, 9);
    expect(seen(0, 66)).toBeCloseTo(0.81, 9);
  });
});
