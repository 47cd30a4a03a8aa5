import { describe, expect, it } from 'vitest';
import type { ImageInput, Region } from '../../../src/lib/pipelines/frame-sampler.ts';
import { createPixelOutput } from '../../../src/lib/pipelines/sampling/pixel-output.ts';
import { endInBox, firstInBox } from '../../../src/lib/pipelines/sampling/row-extent.ts';
import { sampleRgb } from '../../../src/lib/pipelines/sampling/sample-rgb.ts';
import { sampleYuv } from '../../../src/lib/pipelines/sampling/sample-yuv.ts';
import { placeRegion } from '../../../src/lib/pipelines/sampling/sampling-grid.ts';
import type { FrameGeometry } from '../../../src/lib/pipelines/sampling/sampling-grid.ts';
import { yuvMatrixOf } from '../../../src/lib/pipelines/sampling/yuv-matrix.ts';

const ONE_PX = 65_536;
const bytes: ImageInput = {
  widthPx: 4,
  heightPx: 4,
  layout: 'nhwc',
  channels: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

function frameOf(width: number, height: number, more: Partial<FrameGeometry> = {}): FrameGeometry {
  const visibleRect = { x: 0, y: 0, width, height };
  return { displayWidth: width, displayHeight: height, visibleRect, ...more };
}

/** The upright region of this corner and size. */
function area(x: number, y: number, width: number, height: number, rotation = 0): Region {
  return { centerX: x + width / 2, centerY: y + height / 2, width, height, rotation };
}

/** Where a grid's sample is in the frame's stored pixels, 0 at the outer edge of the first. */
function sampleOf(frame: FrameGeometry, region: Region, column: number, row: number) {
  const { box, grid } = placeRegion(frame, region, bytes);
  const x = grid.x0 + column * grid.columnX + row * grid.rowX;
  const y = grid.y0 + column * grid.columnY + row * grid.rowY;
  return [x / ONE_PX + 0.5 + box.x, y / ONE_PX + 0.5 + box.y].map((px) => Number(px.toFixed(3)));
}

describe('placeRegion', () => {
  it('samples in the middle of each pixel of the picture', () => {
    const frame = frameOf(100, 60);
    expect(sampleOf(frame, area(20, 10, 8, 16), 0, 0)).toEqual([21, 12]);
    expect(sampleOf(frame, area(20, 10, 8, 16), 3, 3)).toEqual([27, 24]);
  });

  it('turns clockwise with the region', () => {
    const frame = frameOf(100, 60);
    const turned = area(20, 10, 8, 8, Math.PI / 2);
    // The region's own x axis points down in the frame, its y axis to the left.
    expect(sampleOf(frame, turned, 0, 0)).toEqual([27, 11]);
    expect(sampleOf(frame, turned, 3, 0)).toEqual([27, 17]);
    expect(sampleOf(frame, turned, 0, 3)).toEqual([21, 11]);
  });

  it.each([
    // The shown top left quarter, in stored pixels of 100 × 60.
    [{ rotation: 0 }, [12.5, 7.5]],
    [{ rotation: 90, displayWidth: 60, displayHeight: 100 }, [12.5, 52.5]],
    [{ rotation: 180 }, [87.5, 52.5]],
    [{ rotation: 270, displayWidth: 60, displayHeight: 100 }, [87.5, 7.5]],
    [{ flip: true }, [87.5, 7.5]],
    [{ rotation: 90, flip: true, displayWidth: 60, displayHeight: 100 }, [12.5, 7.5]],
    [{ displayWidth: 200 }, [12.5, 7.5]],
    [{ visibleRect: { x: 8, y: 4, width: 100, height: 60 } }, [20.5, 11.5]],
  ])('finds the stored pixels of a frame shown with %o', (more, expected) => {
    const frame = frameOf(100, 60, more);
    const { displayWidth, displayHeight } = frame;
    const whole = area(0, 0, displayWidth, displayHeight);
    expect(sampleOf(frame, whole, 0, 0)).toEqual(expected);
  });

  it('needs no more stored pixels than the region has, from an even one', () => {
    const { box } = placeRegion(frameOf(1000, 600), area(301, 201, 40, 20), bytes);
    expect(box.x % 2).toBe(0);
    expect(box.y % 2).toBe(0);
    // The samples are from 306 to 336 and from 203.5 to 218.5; each needs its neighbours.
    expect(box.x).toBeGreaterThan(300);
    expect(box.x).toBeLessThanOrEqual(305);
    expect(box.x + box.width).toBeGreaterThanOrEqual(337);
    expect(box.width).toBeLessThan(50);
    expect(box.y).toBeGreaterThan(198);
    expect(box.y).toBeLessThanOrEqual(202);
    expect(box.y + box.height).toBeGreaterThanOrEqual(220);
    expect(box.height).toBeLessThan(30);
  });

  it('stays in the frame, also where the region leaves it altogether', () => {
    const frame = frameOf(100, 60);
    expect(placeRegion(frame, area(-50, -50, 400, 400), bytes).box).toEqual({
      x: 0,
      y: 0,
      width: 100,
      height: 60,
    });
    for (const beyond of [area(500, 500, 20, 20), area(-500, -500, 20, 20)]) {
      const { box } = placeRegion(frame, beyond, bytes);
      expect(box.width).toBeGreaterThan(0);
      expect(box.height).toBeGreaterThan(0);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(100);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height).toBeLessThanOrEqual(60);
    }
  });
});

describe('the extent of a row', () => {
  const rotations = [0, 0.3, Math.PI / 2, 2, Math.PI, -1, -Math.PI / 2];
  it.each(rotations)('is every sample in the frame and no other, turned by %d', (rotation) => {
    const frame = frameOf(30, 20);
    const input = { widthPx: 24, heightPx: 24 };
    const { box, grid } = placeRegion(frame, area(-10, -12, 44, 44, rotation), input);
    let inside = 0;
    for (let row = 0; row < grid.rows; row += 1) {
      const first = firstInBox(grid, box, row);
      const end = Math.max(first, endInBox(grid, box, row));
      for (let column = 0; column < grid.columns; column += 1) {
        const x = grid.x0 + column * grid.columnX + row * grid.rowX + ONE_PX / 2;
        const y = grid.y0 + column * grid.columnY + row * grid.rowY + ONE_PX / 2;
        const isIn = x >= 0 && x < box.width * ONE_PX && y >= 0 && y < box.height * ONE_PX;
        expect(column >= first && column < end, `${column}, ${row}`).toBe(isIn);
        if (isIn) inside += 1;
      }
    }
    expect(inside).toBeGreaterThan(50);
    expect(inside).toBeLessThan(24 * 24);
  });
});

/** A frame of 4 × 4 pixels whose red grows to the right and whose green grows downwards. */
function ramp(): Uint8Array {
  const pixels = new Uint8Array(4 * 4 * 4);
  for (let at = 0; at < 16; at += 1) {
    pixels.set([40 * (at % 4), 20 * Math.floor(at / 4), 200, 255], 4 * at);
  }
  return pixels;
}

/** The 4 × 4 picture of a region of the ramp. */
function sampleRamp(region: Region, more: Partial<ImageInput> = {}): number[] {
  const input = { ...bytes, ...more };
  const target = new Float32Array(48);
  const { grid } = placeRegion(frameOf(4, 4), region, input);
  const pixels = { bytes: ramp(), offset: 0, stride: 16, redByte: 0 } as const;
  const output = createPixelOutput(input, target);
  sampleRgb(pixels, { width: 4, height: 4 }, grid, output);
  return [...target];
}

describe('sampleRgb', () => {
  const whole = area(0, 0, 4, 4);

  it('returns the frame itself where the picture is as large', () => {
    expect(sampleRamp(whole).slice(0, 12)).toEqual([
      0, 0, 200, 40, 0, 200, 80, 0, 200, 120, 0, 200,
    ]);
    expect(sampleRamp(whole).slice(36, 39)).toEqual([0, 60, 200]);
  });

  it('interpolates between pixels, and repeats the last one up to the edge of the frame', () => {
    const halves = sampleRamp(area(0, 0, 2, 2));
    // Samples at 0.25, 0.75, 1.25 and 1.75 px; the first pixel's middle is at 0.5.
    expect([halves[0], halves[3], halves[6], halves[9]]).toEqual([0, 10, 30, 50]);
    expect([halves[1], halves[13], halves[25], halves[37]]).toEqual([0, 5, 15, 25]);
  });

  it('orders elements as the network has them', () => {
    const planes = sampleRamp(whole, { layout: 'nchw' });
    expect(planes.slice(0, 5)).toEqual([0, 40, 80, 120, 0]);
    expect(planes.slice(16, 21)).toEqual([0, 0, 0, 0, 20]);
    expect(planes.slice(32, 34)).toEqual([200, 200]);
    expect(sampleRamp(whole, { channels: 'bgr' }).slice(0, 6)).toEqual([200, 0, 0, 200, 0, 40]);
  });

  it('normalises each channel by its own mean and deviation, in the order of the channels', () => {
    const values = sampleRamp(whole, { channels: 'bgr', mean: [100, 10, 20], std: [50, 5, 2] });
    expect(values.slice(3, 6)).toEqual([2, -2, 10]);
  });

  it('is black or grey beyond the frame, before normalisation, or goes on like its edge', () => {
    const beyond = area(-4, 0, 8, 4);
    const black = sampleRamp(beyond, { mean: [10, 10, 10] });
    expect(black.slice(0, 6)).toEqual([-10, -10, -10, -10, -10, -10]);
    expect(black.slice(6, 9)).toEqual([10, -10, 190]);
    const grey = sampleRamp(beyond, { mean: [10, 10, 10], border: 114 });
    expect(grey.slice(0, 6)).toEqual([104, 104, 104, 104, 104, 104]);
    expect(grey.slice(6, 9)).toEqual([10, -10, 190]);
    const edge = sampleRamp(beyond, { border: 'edge' });
    expect(edge.slice(0, 9)).toEqual([0, 0, 200, 0, 0, 200, 20, 0, 200]);
    expect(edge.slice(36, 39)).toEqual([0, 60, 200]);
    const away = sampleRamp(area(50, 50, 4, 4));
    expect(away).toEqual(Array<number>(48).fill(0));
  });

  it('rounds for networks that take whole numbers', () => {
    const input = { ...bytes, std: [16, 16, 16] } as const;
    const target = new Int32Array(48);
    const { grid } = placeRegion(frameOf(4, 4), whole, input);
    const pixels = { bytes: ramp(), offset: 0, stride: 16, redByte: 2 } as const;
    sampleRgb(pixels, { width: 4, height: 4 }, grid, createPixelOutput(input, target));
    // 200 / 16 and 40 / 16; red is the third byte.
    expect([...target.slice(3, 6)]).toEqual([13, 0, 3]);
  });
});

describe('sampleYuv', () => {
  /** A frame of 4 × 4 pixels of one luma whose left half has one chroma and whose right half another. */
  function sampleHalves(space: { matrix: string | null; fullRange: boolean | null }, step: 1 | 2) {
    const matrix = yuvMatrixOf(space);
    if (!matrix) throw new Error('There is no matrix.');
    const planes = new Uint8Array(24).fill(126);
    const u = step === 1 ? [94, 240, 94, 240] : [];
    const v = step === 1 ? [240, 110, 240, 110] : [];
    const alternating = [94, 240, 240, 110, 94, 240, 240, 110];
    planes.set(step === 1 ? [...u, ...v] : alternating, 16);
    const chroma = {
      uOffset: 16,
      vOffset: step === 1 ? 20 : 17,
      stride: 2 * step,
      step,
      shiftX: 1,
      shiftY: 1,
    } as const;
    const target = new Float32Array(48);
    const { grid } = placeRegion(frameOf(4, 4), area(0, 0, 4, 4), bytes);
    const pixels = { bytes: planes, luma: { offset: 0, stride: 4 }, chroma };
    const output = createPixelOutput(bytes, target);
    sampleYuv(pixels, { width: 4, height: 4 }, grid, matrix, output);
    return [...target.slice(0, 3), ...target.slice(6, 9)];
  }

  // Colours computed from the standards' formulas in Python, rounded and cut to 0…255.
  it.each([
    ['bt709', false, [255, 76, 56, 96, 114, 255]],
    ['smpte170m', false, [255, 50, 59, 99, 99, 255]],
    ['bt709', true, [255, 80, 63, 98, 113, 255]],
    ['bt2020-ncl', false, [255, 62, 55, 98, 119, 255]],
    [null, null, [255, 76, 56, 96, 114, 255]],
  ])('turns luma and chroma of %s, full range %s, into colours', (matrix, fullRange, expected) => {
    expect(sampleHalves({ matrix, fullRange }, 1)).toEqual(expected);
    expect(sampleHalves({ matrix, fullRange }, 2)).toEqual(expected);
  });

  it('has no matrix for planes that are none of luma and chroma', () => {
    expect(yuvMatrixOf({ matrix: 'rgb', fullRange: true })).toBeNull();
  });
});
