// The sampler on real frames of every format that browsers make, drawn by the browser for comparison.
import { afterEach, describe, expect, it } from 'vitest';
import type { ImageInput, Region } from '../../src/lib/pipelines/frame-sampler.ts';
import { createFrameSampler } from '../../src/lib/pipelines/sampling/create-frame-sampler.ts';
import { actorFrame } from './actor-frames.ts';

const WIDTH = 96;
const HEIGHT = 64;
const input: ImageInput = {
  widthPx: 40,
  heightPx: 32,
  layout: 'nhwc',
  channels: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
/** Turned, and within the frame. */
const turned: Region = { centerX: 47, centerY: 33, width: 50, height: 40, rotation: 0.35 };

const open: VideoFrame[] = [];
function keep(frame: VideoFrame): VideoFrame {
  open.push(frame);
  return frame;
}
afterEach(() => {
  for (const frame of open.splice(0)) frame.close();
});

/** The test picture: colours that change slowly, each in its own direction. x and y in pixels. */
function colourAt(x: number, y: number): [red: number, green: number, blue: number] {
  return [40 + 1.5 * x, 200 - 2 * y, 60 + x + y];
}

/** Luma and chroma of the picture by BT.709 in the limited range. */
function yuvAt(x: number, y: number): [luma: number, u: number, v: number] {
  const [red, green, blue] = colourAt(x, y);
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const scale = 224 / 255;
  return [
    16 + (luma * 219) / 255,
    128 + ((blue - luma) / 1.8556) * scale,
    128 + ((red - luma) / 1.5748) * scale,
  ];
}

type Format =
  'I420' | 'I420A' | 'I422' | 'I444' | 'NV12' | 'RGBA' | 'RGBX' | 'BGRA' | 'BGRX' | 'I420P10';

/** A plane of samples, each in the middle of so many pixels across and along. */
function plane(
  across: number,
  along: number,
  values: (x: number, y: number) => number[],
): number[] {
  const samples: number[] = [];
  for (let y = 0; y < HEIGHT; y += along) {
    for (let x = 0; x < WIDTH; x += across) {
      samples.push(...values(x + (across - 1) / 2, y + (along - 1) / 2));
    }
  }
  return samples;
}

function samplesOf(format: Format): number[] {
  const luma = plane(1, 1, (x, y) => [yuvAt(x, y)[0]]);
  const u = (across: number, along: number) => plane(across, along, (x, y) => [yuvAt(x, y)[1]]);
  const v = (across: number, along: number) => plane(across, along, (x, y) => [yuvAt(x, y)[2]]);
  switch (format) {
    case 'I420':
    case 'I420P10':
      return [...luma, ...u(2, 2), ...v(2, 2)];
    case 'I420A':
      return [...luma, ...u(2, 2), ...v(2, 2), ...plane(1, 1, () => [255])];
    case 'I422':
      return [...luma, ...u(2, 1), ...v(2, 1)];
    case 'I444':
      return [...luma, ...u(1, 1), ...v(1, 1)];
    case 'NV12':
      return [...luma, ...plane(2, 2, (x, y) => yuvAt(x, y).slice(1))];
    case 'RGBA':
    case 'RGBX':
      return plane(1, 1, (x, y) => [...colourAt(x, y), 255]);
    case 'BGRA':
    case 'BGRX':
      return plane(1, 1, (x, y) => [...colourAt(x, y).toReversed(), 255]);
  }
}

/** The test picture as a frame of this format. */
function frameOf(format: Format): VideoFrame {
  const samples = samplesOf(format).map(Math.round);
  const isDeep = format === 'I420P10';
  const data = isDeep ? Uint16Array.from(samples, (value) => 4 * value) : Uint8Array.from(samples);
  const isYuv = format.startsWith('I') || format === 'NV12';
  const frame = new VideoFrame(data, {
    format: format as VideoPixelFormat,
    codedWidth: WIDTH,
    codedHeight: HEIGHT,
    timestamp: 0,
    ...(isYuv && {
      colorSpace: {
        matrix: 'bt709',
        primaries: 'bt709',
        transfer: 'iec61966-2-1',
        fullRange: false,
      },
    }),
  });
  return keep(frame);
}

async function sample(frame: VideoFrame, region: Region, more: Partial<ImageInput> = {}) {
  const wanted = { ...input, ...more };
  const target = new Float32Array(wanted.widthPx * wanted.heightPx * 3);
  await createFrameSampler().sample(frame, region, wanted, target);
  return target;
}

/** The test picture in the region as the formula has it, 0 in the middle of the first pixel. */
function expectedIn(region: Region): number[] {
  const values: number[] = [];
  for (let row = 0; row < input.heightPx; row += 1) {
    for (let column = 0; column < input.widthPx; column += 1) {
      const dx = ((column + 0.5) / input.widthPx - 0.5) * region.width;
      const dy = ((row + 0.5) / input.heightPx - 0.5) * region.height;
      const [cos, sin] = [Math.cos(region.rotation), Math.sin(region.rotation)];
      const x = region.centerX + dx * cos - dy * sin - 0.5;
      const y = region.centerY + dx * sin + dy * cos - 0.5;
      values.push(...colourAt(x, y));
    }
  }
  return values;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))));
}

describe('the frame sampler', () => {
  // A chroma sample that two pixels share is up to a pixel away, where colours differ by 2 levels, and
  // luma and chroma are rounded to whole levels before they are put together.
  it.each<[Format, number]>([
    ['RGBA', 1],
    ['RGBX', 1],
    ['BGRA', 1],
    ['BGRX', 1],
    ['I444', 4],
    ['I422', 5],
    ['I420', 6],
    ['I420A', 6],
    ['NV12', 6],
    ['I420P10', 6],
  ])('samples a frame of %s within %d levels', async (format, tolerance) => {
    const frame = frameOf(format);
    expect(frame.format).toBe(format);
    const values = await sample(frame, turned);
    expect(largestDifference(values, expectedIn(turned))).toBeLessThanOrEqual(tolerance);
  });

  it.each([
    { rotation: 90 },
    { rotation: 180 },
    { rotation: 270 },
    { flip: true },
    { rotation: 90, flip: true },
    { displayWidth: 2 * WIDTH, displayHeight: HEIGHT },
    { visibleRect: { x: 16, y: 8, width: 64, height: 48 } },
    { visibleRect: { x: 16, y: 8, width: 64, height: 48 }, rotation: 270 },
  ])('sees a frame with %o as the browser shows it', async (shown) => {
    const frame = keep(new VideoFrame(frameOf('I420'), shown));
    const { displayWidth, displayHeight } = frame;
    const canvas = new OffscreenCanvas(displayWidth, displayHeight);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('There is no 2-D canvas.');
    context.drawImage(frame, 0, 0);
    const drawn = context.getImageData(0, 0, displayWidth, displayHeight).data;
    const whole = {
      centerX: displayWidth / 2,
      centerY: displayHeight / 2,
      width: displayWidth,
      height: displayHeight,
      rotation: 0,
    };
    const values = await sample(frame, whole, { widthPx: displayWidth, heightPx: displayHeight });
    const expected = drawn.filter((_, at) => at % 4 !== 3);
    // A wrong turn or mirror is off by more than 60 levels somewhere.
    expect(largestDifference(values, expected)).toBeLessThanOrEqual(8);
  });

  it('draws a small part of a large frame, and then a large part of a small one', async () => {
    const sampler = createFrameSampler();
    const target = new Float32Array(input.widthPx * input.heightPx * 3);
    const part = { centerX: 60, centerY: 20, width: 12, height: 9, rotation: -2 };
    await sampler.sample(frameOf('RGBA'), part, input, target);
    expect(largestDifference(target, expectedIn(part))).toBeLessThanOrEqual(1);
    await sampler.sample(frameOf('I444'), turned, input, target);
    expect(largestDifference(target, expectedIn(turned))).toBeLessThanOrEqual(4);
  });

  it('agrees with the browser about the colours of a decoded video', async () => {
    const frame = keep(await actorFrame());
    const { displayWidth: width, displayHeight: height } = frame;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('There is no 2-D canvas.');
    context.drawImage(frame, 0, 0);
    const drawn = context.getImageData(0, 0, width, height).data.filter((_, at) => at % 4 !== 3);
    const whole = { centerX: width / 2, centerY: height / 2, width, height, rotation: 0 };
    const values = await sample(frame, whole, { widthPx: width, heightPx: height });
    const differences = Array.from(values, (value, at) => Math.abs(value - (drawn[at] ?? NaN)));
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    expect(mean).toBeLessThan(1);
  });

  it('says so when a frame has no pixels to give', async () => {
    const frame = frameOf('I420');
    frame.close();
    await expect(sample(frame, turned)).rejects.toMatchObject({ name: 'PipelineError' });
  });
});
