// From luma and chroma to red, green and blue, in whole numbers.
import { TABLE_BIAS } from './pixel-output.ts';

/** Bits after the point of the matrix's sums. */
export const SUM_BITS = 20;
/** Luma comes with this many bits after the point, from interpolation. */
const LUMA_BITS = 8;

/**
 * Factors for luma (0…255, 8 bits after the point) and chroma (−128…127). `bias + luma·fromLuma ± chroma·…`,
 * shifted right by 20 bits, is a colour + TABLE_BIAS, rounded.
 */
export type YuvMatrix = {
  readonly bias: number;
  readonly fromLuma: number;
  readonly redFromV: number;
  readonly greenFromU: number;
  readonly greenFromV: number;
  readonly blueFromU: number;
};

/** Luma's weights of red and blue. Sources: ITU-R BT.601-7 §2.5.1, BT.709-6 §3.2, BT.2020-2 table 4. */
const weights: Readonly<Record<string, { readonly red: number; readonly blue: number }>> = {
  smpte170m: { red: 0.299, blue: 0.114 },
  bt470bg: { red: 0.299, blue: 0.114 },
  bt709: { red: 0.2126, blue: 0.0722 },
  'bt2020-ncl': { red: 0.2627, blue: 0.0593 },
};

/** What WebCodecs takes for a frame that says nothing of its colours: REC709, limited. */
const UNTOLD = 'bt709';

/** In the limited range black is 16 and white 235, and colours span 16…240 (BT.709-6 §4.6). */
const LIMITED = { black: 16, lumaSpan: 219, chromaSpan: 224 };
const FULL = { black: 0, lumaSpan: 255, chromaSpan: 255 };

/** The matrix of a colour space. Null when its planes hold no luma and chroma, or a matrix unknown here. */
export function yuvMatrixOf(space: {
  readonly matrix: string | null;
  readonly fullRange: boolean | null;
}): YuvMatrix | null {
  const weight = weights[space.matrix ?? UNTOLD];
  if (!weight) return null;
  const { black, lumaSpan, chromaSpan } = space.fullRange === true ? FULL : LIMITED;
  const { red, blue } = weight;
  const green = 1 - red - blue;
  const chroma = (factor: number) => Math.round(((factor * 255) / chromaSpan) * (1 << SUM_BITS));
  const fromLuma = Math.round((255 / lumaSpan) * (1 << (SUM_BITS - LUMA_BITS)));
  const half = 1 << (SUM_BITS - 1);
  return {
    bias: TABLE_BIAS * (1 << SUM_BITS) + half - black * fromLuma * (1 << LUMA_BITS),
    fromLuma,
    redFromV: chroma(2 * (1 - red)),
    greenFromU: chroma((2 * blue * (1 - blue)) / green),
    greenFromV: chroma((2 * red * (1 - red)) / green),
    blueFromU: chroma(2 * (1 - blue)),
  };
}
