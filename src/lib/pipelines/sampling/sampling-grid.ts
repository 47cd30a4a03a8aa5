// Where in a frame's stored pixels each pixel of a network's input lies. Geometry only.
import type { ImageInput, Region } from '../frame-sampler.ts';
import { toFrame } from '../region.ts';

/** The grid's coordinates are whole numbers with this many bits after the point: quicker than fractions. */
export const FRACTION_BITS = 16;
/** A pixel in the grid's coordinates. */
export const ONE_PX = 1 << FRACTION_BITS;

/** How many pixels around the samples interpolation may touch. */
const MARGIN_PX = 2;

/** A rectangle of stored pixels, from a frame's first stored one. */
export type PixelBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/**
 * A grid of samples in a box: the sample of column c and row r is at x0 + c·columnX + r·rowX, and the same
 * for y, in 1/65536 px, with 0 in the middle of the box's first pixel. Reaches 32767 px in each direction.
 */
export type SamplingGrid = {
  readonly columns: number;
  readonly rows: number;
  readonly x0: number;
  readonly y0: number;
  readonly columnX: number;
  readonly columnY: number;
  readonly rowX: number;
  readonly rowY: number;
};

/** What a frame tells of how its stored pixels are shown; the last two are missing in older browsers. */
export type FrameGeometry = Pick<VideoFrame, 'displayWidth' | 'displayHeight'> & {
  readonly visibleRect: PixelBox | null;
  /** Quarter turns clockwise from stored to shown pixels, in degrees. */
  readonly rotation?: number;
  /** Whether the turned pixels are shown mirrored, left to right. */
  readonly flip?: boolean;
};

/**
 * The part of the stored pixels that a region of the shown frame needs, and the grid of samples in it.
 * The box begins at even pixels, as halved colour planes need it, and is never empty.
 */
export function placeRegion(
  frame: FrameGeometry,
  region: Region,
  input: Pick<ImageInput, 'widthPx' | 'heightPx'>,
): { box: PixelBox; grid: SamplingGrid } {
  const { widthPx, heightPx } = input;
  const at = (column: number, row: number) => {
    const shown = toFrame(region, (column + 0.5) / widthPx, (row + 0.5) / heightPx);
    return toStored(frame, shown.x, shown.y);
  };
  const first = at(0, 0);
  const right = at(widthPx, 0);
  const down = at(0, heightPx);
  const columnX = (right.x - first.x) / widthPx;
  const columnY = (right.y - first.y) / widthPx;
  const rowX = (down.x - first.x) / heightPx;
  const rowY = (down.y - first.y) / heightPx;

  const visible = visibleRectOf(frame);
  const across = boxSide(first.x, right.x - first.x, down.x - first.x, visible.x, visible.width);
  const along = boxSide(first.y, right.y - first.y, down.y - first.y, visible.y, visible.height);
  const fixed = (px: number) => Math.round(px * ONE_PX);
  return {
    box: { x: across.start, y: along.start, width: across.length, height: along.length },
    grid: {
      columns: widthPx,
      rows: heightPx,
      x0: fixed(first.x - 0.5 - across.start),
      y0: fixed(first.y - 0.5 - along.start),
      columnX: fixed(columnX),
      columnY: fixed(columnY),
      rowX: fixed(rowX),
      rowY: fixed(rowY),
    },
  };
}

/** A point of the shown frame in stored pixels. WebCodecs shows pixels turned first, then mirrored. */
function toStored(frame: FrameGeometry, shownX: number, shownY: number): { x: number; y: number } {
  const visible = visibleRectOf(frame);
  const across = shownX / frame.displayWidth;
  const u = frame.flip === true ? 1 - across : across;
  const v = shownY / frame.displayHeight;
  const [storedU, storedV] = unturned(u, v, frame.rotation ?? 0);
  return { x: visible.x + storedU * visible.width, y: visible.y + storedV * visible.height };
}

function unturned(u: number, v: number, degrees: number): readonly [number, number] {
  switch (degrees) {
    case 90:
      return [v, 1 - u];
    case 180:
      return [1 - u, 1 - v];
    case 270:
      return [1 - v, u];
    default:
      return [u, v];
  }
}

function visibleRectOf(frame: FrameGeometry): PixelBox {
  return (
    frame.visibleRect ?? { x: 0, y: 0, width: frame.displayWidth, height: frame.displayHeight }
  );
}

/** The pixels along one axis that samples need, cut to the visible ones. */
function boxSide(
  origin: number,
  alongColumns: number,
  alongRows: number,
  visibleStart: number,
  visibleLength: number,
): { start: number; length: number } {
  const low = origin + Math.min(0, alongColumns) + Math.min(0, alongRows);
  const high = origin + Math.max(0, alongColumns) + Math.max(0, alongRows);
  const visibleEnd = visibleStart + visibleLength;
  const wanted = Math.min(visibleEnd - 1, Math.max(visibleStart, Math.floor(low) - MARGIN_PX));
  const start = wanted - (wanted % 2);
  const end = Math.max(start + 1, Math.min(visibleEnd, Math.ceil(high) + MARGIN_PX));
  return { start, length: end - start };
}
