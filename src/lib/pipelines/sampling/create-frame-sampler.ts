// The way of a region of a frame into a network's memory: copy its stored pixels, sample them. No canvas:
// measured, drawing on one and reading it back takes about twice as long (docs/adr/0010).
import type { FrameSampler, ImageInput } from '../frame-sampler.ts';
import { PipelineError } from '../pose-pipeline.ts';
import { createPixelOutput } from './pixel-output.ts';
import type { PixelOutput, PixelTarget } from './pixel-output.ts';
import { sampleRgb } from './sample-rgb.ts';
import { sampleYuv } from './sample-yuv.ts';
import type { YuvPixels } from './sample-yuv.ts';
import { placeRegion } from './sampling-grid.ts';
import { yuvMatrixOf } from './yuv-matrix.ts';

/** What stays the same from frame to frame for one of a network's pictures. */
type Prepared = {
  readonly input: ImageInput;
  readonly output: PixelOutput;
};

/** A sampler with memory of its own, which grows with the largest region and is used again. */
export function createFrameSampler(): FrameSampler {
  const known = new WeakMap<PixelTarget, Prepared>();
  let memory = new Uint8Array(0);

  function prepare(input: ImageInput, target: PixelTarget): Prepared {
    const before = known.get(target);
    if (before?.input === input) return before;
    const output = createPixelOutput(input, target);
    const prepared = { input, output };
    known.set(target, prepared);
    return prepared;
  }

  return {
    async sample(frame, region, input, target) {
      const { box, grid } = placeRegion(frame, region, input);
      const { output } = prepare(input, target);
      const planes = planesOf(frame.format);
      const matrix = planes && yuvMatrixOf(frame.colorSpace);
      const options: VideoFrameCopyToOptions = { rect: box };
      // Deep colours, planes of red, green and blue, and pixels that only the GPU has.
      if (!matrix && !isRgb(frame.format)) options.format = 'RGBA';
      let layout: PlaneLayout[];
      try {
        const bytes = frame.allocationSize(options);
        if (memory.byteLength < bytes) memory = new Uint8Array(bytes);
        layout = await frame.copyTo(memory, options);
      } catch (cause) {
        throw new PipelineError(
          `This browser does not hand out the pixels of the video's frames (${frame.format ?? 'unknown'} format): ${(cause as Error).message} Convert the video to H.264, or use another browser.`,
        );
      }
      const [first, second, third] = layout;
      if (planes && matrix && first && second) {
        const pixels = pixelsOf(memory, planes, first, second, third);
        sampleYuv(pixels, box, grid, matrix, output);
      } else if (first) {
        const redByte = options.format === undefined && frame.format?.startsWith('B') ? 2 : 0;
        sampleRgb({ bytes: memory, ...first, redByte }, box, grid, output);
      }
    },
  };
}

/** How a format of 8-bit planes keeps its chroma. */
type ChromaPlanes = Pick<YuvPixels['chroma'], 'step' | 'shiftX' | 'shiftY'>;

/** Null for formats without planes of 8-bit luma and chroma. */
function planesOf(format: VideoPixelFormat | null): ChromaPlanes | null {
  switch (format) {
    case 'I420':
    case 'I420A':
      return { step: 1, shiftX: 1, shiftY: 1 };
    case 'I422':
      return { step: 1, shiftX: 1, shiftY: 0 };
    case 'I444':
      return { step: 1, shiftX: 0, shiftY: 0 };
    case 'NV12':
      return { step: 2, shiftX: 1, shiftY: 1 };
    default:
      return null;
  }
}

function isRgb(format: VideoPixelFormat | null): boolean {
  return format === 'RGBA' || format === 'RGBX' || format === 'BGRA' || format === 'BGRX';
}

function pixelsOf(
  bytes: Uint8Array,
  planes: ChromaPlanes,
  luma: PlaneLayout,
  u: PlaneLayout,
  v: PlaneLayout | undefined,
): YuvPixels {
  const uOffset = u.offset;
  // Where U and V alternate there is no third plane.
  const vOffset = planes.step === 2 || !v ? uOffset + 1 : v.offset;
  return { bytes, luma, chroma: { ...planes, uOffset, vOffset, stride: u.stride } };
}
