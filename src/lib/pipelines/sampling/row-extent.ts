// Which samples of a grid's row lie in the frame at all; the others are border.
import { ONE_PX } from './sampling-grid.ts';
import type { PixelBox, SamplingGrid } from './sampling-grid.ts';

const HALF_PX = ONE_PX / 2;

type BoxSize = Pick<PixelBox, 'width' | 'height'>;

/** The first column whose sample is in the box; the number of columns when none is. */
export function firstInBox(grid: SamplingGrid, box: BoxSize, row: number): number {
  const x = grid.x0 + row * grid.rowX + HALF_PX;
  const y = grid.y0 + row * grid.rowY + HALF_PX;
  const first = Math.max(
    0,
    firstWithin(x, grid.columnX, box.width * ONE_PX),
    firstWithin(y, grid.columnY, box.height * ONE_PX),
  );
  return Math.min(grid.columns, first);
}

/** One past the last column whose sample is in the box; not above 0 when none is. */
export function endInBox(grid: SamplingGrid, box: BoxSize, row: number): number {
  const x = grid.x0 + row * grid.rowX + HALF_PX;
  const y = grid.y0 + row * grid.rowY + HALF_PX;
  return Math.min(
    grid.columns,
    endWithin(x, grid.columnX, box.width * ONE_PX),
    endWithin(y, grid.columnY, box.height * ONE_PX),
  );
}

/** The first of the columns at start + column·step that is within [0, limit). */
function firstWithin(start: number, step: number, limit: number): number {
  if (step > 0) return Math.ceil(-start / step);
  if (step < 0) return Math.floor((limit - start) / step) + 1;
  return start >= 0 && start < limit ? 0 : Infinity;
}

/** One past the last of them. */
function endWithin(start: number, step: number, limit: number): number {
  if (step > 0) return Math.ceil((limit - start) / step);
  if (step < 0) return Math.floor(-start / step) + 1;
  return start >= 0 && start < limit ? Infinity : 0;
}
