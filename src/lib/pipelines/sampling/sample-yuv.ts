// Samples a frame's luma and chroma planes. Only the samples are turned into colours, never the frame.
// Whole numbers and `| 0` throughout: with fractions this takes twice as long.
import { writeBorder } from './pixel-output.ts';
import type { PixelOutput } from './pixel-output.ts';
import { endInBox, firstInBox } from './row-extent.ts';
import { FRACTION_BITS, ONE_PX } from './sampling-grid.ts';
import type { PixelBox, SamplingGrid } from './sampling-grid.ts';
import { SUM_BITS } from './yuv-matrix.ts';
import type { YuvMatrix } from './yuv-matrix.ts';

/** A box of 8-bit planes in memory. Offsets and strides in bytes. */
export type YuvPixels = {
  readonly bytes: Uint8Array;
  readonly luma: { readonly offset: number; readonly stride: number };
  readonly chroma: {
    readonly uOffset: number;
    readonly vOffset: number;
    readonly stride: number;
    /** From one chroma sample to the next: 2 where U and V alternate. */
    readonly step: 1 | 2;
    /** log2 of the luma samples that share a chroma sample, along each axis. */
    readonly shiftX: 0 | 1;
    readonly shiftY: 0 | 1;
  };
};

const HALF_PX = ONE_PX / 2;
/** Interpolation weighs in 1/256; cv::warpPerspective, which MediaPipe uses, in 1/32. */
const WEIGHT_SHIFT = FRACTION_BITS - 8;
const WEIGHT_MASK = 255;
/** Chroma has this value where there is no colour. */
const NEUTRAL = 128;

/**
 * Writes the grid's samples: luma interpolated bilinearly, chroma the nearest sample, as libyuv's and
 * swscale's converters do.
 */
export function sampleYuv(
  { bytes, luma, chroma }: YuvPixels,
  box: Pick<PixelBox, 'width' | 'height'>,
  grid: SamplingGrid,
  matrix: YuvMatrix,
  output: PixelOutput,
): void {
  const { target, step, red, green, blue, redValues, greenValues, blueValues, border } = output;
  const { bias, fromLuma, redFromV, greenFromU, greenFromV, blueFromU } = matrix;
  const { offset: lumaOffset, stride: lumaStride } = luma;
  const { uOffset, vOffset, stride: chromaStride, step: chromaStep } = chroma;
  const chromaShiftX = FRACTION_BITS + chroma.shiftX;
  const chromaShiftY = FRACTION_BITS + chroma.shiftY;
  const { columns, columnX, columnY } = grid;
  // Up to here there is a neighbour right of and below a sample to interpolate with.
  const lastX = Math.max(0, ((box.width - 1) << FRACTION_BITS) - 1) | 0;
  const lastY = Math.max(0, ((box.height - 1) << FRACTION_BITS) - 1) | 0;

  for (let row = 0; row < grid.rows; row += 1) {
    const start = border === null ? 0 : firstInBox(grid, box, row);
    const end = border === null ? columns : Math.max(start, endInBox(grid, box, row));
    const firstPixel = row * columns;
    writeBorder(output, firstPixel, firstPixel + start);
    let element = (firstPixel + start) * step;
    let sampleX = (grid.x0 + row * grid.rowX + start * columnX) | 0;
    let sampleY = (grid.y0 + row * grid.rowY + start * columnY) | 0;
    for (let column = start; column < end; column += 1) {
      const x = sampleX < 0 ? 0 : sampleX > lastX ? lastX : sampleX;
      const y = sampleY < 0 ? 0 : sampleY > lastY ? lastY : sampleY;
      sampleX = (sampleX + columnX) | 0;
      sampleY = (sampleY + columnY) | 0;
      const weightX = (x >> WEIGHT_SHIFT) & WEIGHT_MASK;
      const weightY = (y >> WEIGHT_SHIFT) & WEIGHT_MASK;
      const above =
        (lumaOffset + Math.imul(y >> FRACTION_BITS, lumaStride) + (x >> FRACTION_BITS)) | 0;
      const below = (above + lumaStride) | 0;
      const aboveLeft = bytes[above] ?? 0;
      const belowLeft = bytes[below] ?? 0;
      const top = (aboveLeft << 8) + Math.imul((bytes[above + 1] ?? 0) - aboveLeft, weightX);
      const bottom = (belowLeft << 8) + Math.imul((bytes[below + 1] ?? 0) - belowLeft, weightX);
      const brightness = ((top << 8) + Math.imul(bottom - top, weightY)) >> 8;
      const grey = (Math.imul(brightness, fromLuma) + bias) | 0;

      const chromaAt =
        (Math.imul((y + HALF_PX) >> chromaShiftY, chromaStride) +
          Math.imul((x + HALF_PX) >> chromaShiftX, chromaStep)) |
        0;
      const u = (bytes[uOffset + chromaAt] ?? 0) - NEUTRAL;
      const v = (bytes[vOffset + chromaAt] ?? 0) - NEUTRAL;
      target[element + red] = redValues[(grey + Math.imul(redFromV, v)) >> SUM_BITS] ?? 0;
      target[element + green] =
        greenValues[(grey - Math.imul(greenFromU, u) - Math.imul(greenFromV, v)) >> SUM_BITS] ?? 0;
      target[element + blue] = blueValues[(grey + Math.imul(blueFromU, u)) >> SUM_BITS] ?? 0;
      element = (element + step) | 0;
    }
    writeBorder(output, firstPixel + end, firstPixel + columns);
  }
}
