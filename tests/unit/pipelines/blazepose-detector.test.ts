import { describe, expect, it } from 'vitest';
import { alignmentRegion } from '../../../src/lib/pipelines/blazepose/alignment-region.ts';
import { ANCHOR_COUNT, createAnchors } from '../../../src/lib/pipelines/blazepose/anchors.ts';
import {
  decodeDetections,
  hipsOf,
  reachOf,
} from '../../../src/lib/pipelines/blazepose/decode-detections.ts';
import { warpedRegion } from '../../../src/lib/pipelines/blazepose/warped-region.ts';
import { toFrame } from '../../../src/lib/pipelines/region.ts';

const anchors = createAnchors();

describe('the anchors', () => {
  it('are two for each centre of the finer grids and six for the coarse one', () => {
    expect(anchors).toHaveLength(2 * ANCHOR_COUNT);
    const centre = (anchor: number) => [anchors[2 * anchor], anchors[2 * anchor + 1]];
    const half = (cell: number, side: number) => Math.fround((cell + 0.5) / side);
    // 28 × 28 · 2, then 14 × 14 · 2 from 1568, then 7 × 7 · 6 from 1960.
    expect(centre(0)).toEqual([half(0, 28), half(0, 28)]);
    expect(centre(1)).toEqual(centre(0));
    expect(centre(2)).toEqual([half(1, 28), half(0, 28)]);
    expect(centre(56)).toEqual([half(0, 28), half(1, 28)]);
    expect(centre(1567)).toEqual([half(27, 28), half(27, 28)]);
    expect(centre(1568)).toEqual([half(0, 14), half(0, 14)]);
    expect(centre(1959)).toEqual([half(13, 14), half(13, 14)]);
    expect(centre(1965)).toEqual([half(0, 7), half(0, 7)]);
    expect(centre(1966)).toEqual([half(1, 7), half(0, 7)]);
    expect(centre(2253)).toEqual([half(6, 7), half(6, 7)]);
  });
});

/** What the detector says of one anchor: its raw score, its box and its first two points, in pixels. */
type Answer = { anchor: number; raw: number; box: number[]; hips: number[]; reach: number[] };

function detect(answers: readonly Answer[]) {
  const boxes = new Float32Array(12 * ANCHOR_COUNT);
  const scores = new Float32Array(ANCHOR_COUNT).fill(-20);
  for (const { anchor, raw, box, hips, reach } of answers) {
    scores[anchor] = raw;
    boxes.set([...box, ...hips, ...reach], 12 * anchor);
  }
  return decodeDetections(boxes, scores, anchors);
}

/** In the middle cell of the coarse grid, whose centre is (0.5, 0.5). */
const MIDDLE = 1960 + 6 * 24;
/** One cell, 32 px, to the left of it. */
const LEFT = MIDDLE - 6;
const person = { anchor: MIDDLE, raw: 2, box: [0, 0, 56, 56], hips: [0, 28], reach: [0, -56] };

describe('decodeDetections', () => {
  it('reads boxes and points from their anchor, x before y', () => {
    const [found, ...others] = detect([{ ...person, box: [56, 28, 112, 56], hips: [22.4, 44.8] }]);
    expect(others).toHaveLength(0);
    if (!found) throw new Error('Nobody is found.');
    expect(found.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 9);
    expect([...found.numbers.slice(0, 4)]).toEqual([0.5, 0.5, 1, 0.75]);
    expect(hipsOf(found).u).toBeCloseTo(0.6, 6);
    expect(hipsOf(found).v).toBeCloseTo(0.7, 6);
    expect(reachOf(found)).toEqual({ u: 0.5, v: 0.25 });
  });

  it('takes a score of one half and no less, and no box that is inside out', () => {
    expect(detect([{ ...person, raw: 0 }])).toHaveLength(1);
    expect(detect([{ ...person, raw: -0.001 }])).toHaveLength(0);
    expect(detect([{ ...person, raw: NaN }])).toHaveLength(0);
    expect(detect([{ ...person, box: [0, 0, -56, 56] }])).toHaveLength(0);
    expect(detect([{ ...person, raw: 1e6 }])[0]?.score).toBe(1);
  });

  it('merges boxes that overlap by more than half into their mean by score, with the best score', () => {
    // The same box from the anchor beside it, 16 px further left: overlap 40 · 56 / (2 · 56² − 40 · 56).
    const beside = { ...person, anchor: LEFT, raw: 0, box: [16, 0, 56, 56], hips: [32, 28] };
    const [merged, ...others] = detect([beside, person]);
    expect(others).toHaveLength(0);
    if (!merged) throw new Error('Nobody is found.');
    const best = 1 / (1 + Math.exp(-2));
    expect(merged.score).toBeCloseTo(best, 9);
    const shift = (-16 / 224) * (0.5 / (best + 0.5));
    expect(merged.numbers[0]).toBeCloseTo(0.5 - 28 / 224 + shift, 6);
    expect(merged.numbers[2]).toBeCloseTo(0.5 + 28 / 224 + shift, 6);
    expect(hipsOf(merged).u).toBeCloseTo(0.5, 6);
  });

  it('keeps people apart whose boxes overlap less, the surest first', () => {
    // 20 px apart: overlap 36 · 56 / (2 · 56² − 36 · 56) = 0.47.
    const other = { ...person, anchor: LEFT, raw: 3, box: [12, 0, 56, 56] };
    const found = detect([person, other]);
    expect(found.map(({ score }) => score > 0.9)).toEqual([true, false]);
    expect(found.map((each) => hipsOf(each).u)).toEqual([Math.fround(80 / 224), 0.5]);
  });

  it('finds nobody where nobody is, and everybody once where many anchors answer', () => {
    expect(detect([])).toEqual([]);
    const many = [0, 1, 2, 3, 4, 5].map((each) => ({ ...person, anchor: MIDDLE + each }));
    expect(detect(many)).toHaveLength(1);
  });
});

describe('alignmentRegion', () => {
  it('is upright around the hips of somebody upright, 2.5 times as far as they reach', () => {
    expect(alignmentRegion({ x: 100, y: 200 }, { x: 100, y: 120 })).toEqual({
      centerX: 100,
      centerY: 200,
      width: 200,
      height: 200,
      rotation: 0,
    });
  });

  it.each([
    ['to the right', 80, 0, Math.PI / 2],
    ['to the left', -80, 0, -Math.PI / 2],
    ['half to the right', 30, -30, Math.PI / 4],
    ['downwards', 0, 80, -Math.PI],
  ])('turns with somebody who lies %s', (_, dx, dy, rotation) => {
    const region = alignmentRegion({ x: 100, y: 200 }, { x: 100 + dx, y: 200 + dy });
    expect(region.rotation).toBeCloseTo(rotation, 9);
    // Seen in the region, the far point is straight above the middle, at 0.4 of the side.
    const above = toFrame(region, 0.5, 0.1);
    expect(above.x).toBeCloseTo(100 + dx, 6);
    expect(above.y).toBeCloseTo(200 + dy, 6);
  });
});

describe('warpedRegion', () => {
  it('puts the first sample on the first corner, counted between the middles of pixels', () => {
    const region = { centerX: 300, centerY: 200, width: 512, height: 512, rotation: 0.4 };
    const first = toFrame(warpedRegion(region, 256), 0.5 / 256, 0.5 / 256);
    const corner = toFrame(region, 0, 0);
    expect(first.x - 0.5).toBeCloseTo(corner.x, 9);
    expect(first.y - 0.5).toBeCloseTo(corner.y, 9);
  });
});
