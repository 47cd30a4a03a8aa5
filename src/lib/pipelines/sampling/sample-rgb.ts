// Samples a frame that is stored as four bytes per pixel: a picture, or one that somebody has drawn.
import { TABLE_BIAS, writeBorder } from './pixel-output.ts';
import type { PixelOutput } from './pixel-output.ts';
import { endInBox, firstInBox } from './row-extent.ts';
import { FRACTION_BITS } from './sampling-grid.ts';
import type { PixelBox, SamplingGrid } from './sampling-grid.ts';

/** A box of pixels of four bytes in memory. Offset and stride in bytes. */
export type RgbPixels = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  /** The byte of red in a pixel; blue is the other end of three. The fourth, alpha, is not looked at. */
  readonly redByte: 0 | 2;
};

const BYTES_PER_PIXEL = 4;
const WEIGHT_SHIFT = FRACTION_BITS - 8;
const WEIGHT_MASK = 255;
/** The product of two weights has this many bits; half of its unit rounds. */
const PRODUCT_BITS = 16;
const ROUND = (TABLE_BIAS << PRODUCT_BITS) + (1 << (PRODUCT_BITS - 1));

/** Writes the grid's samples, interpolated bilinearly. */
export function sampleRgb(
  { bytes, offset, stride, redByte }: RgbPixels,
  box: Pick<PixelBox, 'width' | 'height'>,
  grid: SamplingGrid,
  output: PixelOutput,
): void {
  const { target, step, red, green, blue, redValues, greenValues, blueValues, border } = output;
  const blueByte = 2 - redByte;
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
      const right = (x >> WEIGHT_SHIFT) & WEIGHT_MASK;
      const lower = (y >> WEIGHT_SHIFT) & WEIGHT_MASK;
      const d = Math.imul(right, lower);
      const c = (lower << 8) - d;
      const b = (right << 8) - d;
      const a = (1 << PRODUCT_BITS) - b - c - d;
      const above =
        (offset +
          Math.imul(y >> FRACTION_BITS, stride) +
          Math.imul(x >> FRACTION_BITS, BYTES_PER_PIXEL)) |
        0;
      const below = (above + stride) | 0;
      target[element + red] =
        redValues[blend(bytes, above + redByte, below + redByte, a, b, c, d)] ?? 0;
      target[element + green] = greenValues[blend(bytes, above + 1, below + 1, a, b, c, d)] ?? 0;
      target[element + blue] =
        blueValues[blend(bytes, above + blueByte, below + blueByte, a, b, c, d)] ?? 0;
      element = (element + step) | 0;
    }
    writeBorder(output, firstPixel + end, firstPixel + columns);
  }
}

/** One colour of the four pixels around a sample by their weights, as an index into a value table. */
function blend(
  bytes: Uint8Array,
  above: number,
  below: number,
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  return (
    (Math.imul(bytes[above] ?? 0, a) +
      Math.imul(bytes[above + BYTES_PER_PIXEL] ?? 0, b) +
      Math.imul(bytes[below] ?? 0, c) +
      Math.imul(bytes[below + BYTES_PER_PIXEL] ?? 0, d) +
      ROUND) >>
    PRODUCT_BITS
  );
}
