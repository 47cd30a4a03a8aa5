// Where and as what a network wants the colours of its pixels: the far end of sampling.
import type { ImageInput } from '../frame-sampler.ts';

/** Memory that a network reads its picture from. */
export type PixelTarget = Float32Array | Int32Array | Uint8Array;

/**
 * A colour in 0…255 plus this is an index into a value table. Colours computed from luma and chroma may
 * leave 0…255 before they are cut: by at most 290 below and 300 above, for the matrices of yuv-matrix.ts.
 */
export const TABLE_BIAS = 320;
const TABLE_LENGTH = 1024;
const BLACK = 0;
const MAX_COLOUR = 255;

/** How pixels are written: where each colour of a pixel goes, and which value it becomes. */
export type PixelOutput = {
  readonly target: PixelTarget;
  /** Elements from a pixel to the next. */
  readonly step: number;
  /** Elements from a pixel to its colours. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Normalised value of each colour, by colour + TABLE_BIAS; colours beyond 0…255 are cut. */
  readonly redValues: Float32Array;
  readonly greenValues: Float32Array;
  readonly blueValues: Float32Array;
  /** The grey of what lies beyond the frame, as an index into the tables; null where its edge goes on. */
  readonly border: number | null;
};

/** How an input wants its pixels in `target`. Made once for each of a network's pictures. */
export function createPixelOutput(input: ImageInput, target: PixelTarget): PixelOutput {
  const { widthPx, heightPx, layout, channels, mean, std, border = BLACK } = input;
  const toChannel = layout === 'nhwc' ? 1 : widthPx * heightPx;
  const isRounded = !(target instanceof Float32Array);
  const values = ([0, 1, 2] as const).map((channel) =>
    valueTable(mean[channel], std[channel], isRounded),
  ) as [Float32Array, Float32Array, Float32Array];
  const [red, blue] = channels === 'rgb' ? ([0, 2] as const) : ([2, 0] as const);
  return {
    target,
    step: layout === 'nhwc' ? 3 : 1,
    red: red * toChannel,
    green: toChannel,
    blue: blue * toChannel,
    redValues: values[red],
    greenValues: values[1],
    blueValues: values[blue],
    border: border === 'edge' ? null : border + TABLE_BIAS,
  };
}

/** Fills the pixels from `start` up to but without `end`, counted along the rows, with the border's grey. */
export function writeBorder(output: PixelOutput, start: number, end: number): void {
  const { target, step, red, green, blue, redValues, greenValues, blueValues, border } = output;
  const colour = border ?? TABLE_BIAS;
  for (let element = start * step; element < end * step; element += step) {
    target[element + red] = redValues[colour] ?? 0;
    target[element + green] = greenValues[colour] ?? 0;
    target[element + blue] = blueValues[colour] ?? 0;
  }
}

/** Tables instead of sums: they normalise, cut and round in one look-up, whatever the network wants. */
function valueTable(mean: number, std: number, isRounded: boolean): Float32Array {
  return Float32Array.from({ length: TABLE_LENGTH }, (_, index) => {
    const colour = Math.min(MAX_COLOUR, Math.max(0, index - TABLE_BIAS));
    const value = (colour - mean) / std;
    return isRounded ? Math.round(value) : value;
  });
}
