// Joints as the maxima of heat maps, located between the cells.
import { copyMap } from './field-maps.ts';
import type { FieldMaps } from './field-maps.ts';

/** A candidate for a joint: which one, where in cells (a cell's centre is a whole number), how sure. */
export type Peak = {
  readonly joint: number;
  readonly x: number;
  readonly y: number;
  readonly score: number;
};

/** A maximum below this is noise. Source: OpenPose's nmsThreshold (0.05, poseParameters.cpp). */
const MIN_PEAK_SCORE = 0.05;

/** The most candidates of one joint that are kept, the strongest. OpenPose's POSE_MAX_PEOPLE is 127. */
const MAX_PEAKS_PER_JOINT = 64;

/**
 * The local maxima of the first `jointCount` maps, over the eight neighbours, joint by joint. Their place
 * between the cells is the vertex of a parabola through the maximum and its two neighbours, per axis:
 * within 0.05 cells of the top of a bump of one cell's width, at next to no cost, where OpenPose enlarges
 * all maps eightfold.
 */
export function findPeaks(maps: FieldMaps, jointCount: number): Peak[] {
  const { width, height } = maps;
  const plane = new Float32Array(width * height);
  const peaks: Peak[] = [];
  for (let joint = 0; joint < jointCount; joint += 1) {
    copyMap(maps, joint, plane);
    const found: Peak[] = [];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const score = plane[y * width + x] ?? 0;
        if (score < MIN_PEAK_SCORE || !isMaximum(plane, width, height, x, y)) continue;
        found.push({ joint, ...refine(plane, width, height, x, y), score });
      }
    }
    if (found.length > MAX_PEAKS_PER_JOINT) {
      found.sort((a, b) => b.score - a.score);
      found.length = MAX_PEAKS_PER_JOINT;
    }
    peaks.push(...found);
  }
  return peaks;
}

/** Beats all later neighbours and is not beaten by earlier ones, so that of equal ones just one remains. */
function isMaximum(
  plane: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): boolean {
  const score = plane[y * width + x] ?? 0;
  for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
    for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
      const neighbour = plane[ny * width + nx] ?? 0;
      const isLater = ny > y || (ny === y && nx > x);
      if (neighbour > score || (isLater && neighbour === score)) return false;
    }
  }
  return true;
}

function refine(
  plane: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): { x: number; y: number } {
  const at = y * width + x;
  return {
    x: x + (x > 0 && x < width - 1 ? vertex(plane, at, 1) : 0),
    y: y + (y > 0 && y < height - 1 ? vertex(plane, at, width) : 0),
  };
}

/** Offset in cells, within ±0.5, of the vertex of the parabola through three cells `step` apart. */
function vertex(plane: Float32Array, at: number, step: number): number {
  const before = plane[at - step] ?? 0;
  const here = plane[at] ?? 0;
  const after = plane[at + step] ?? 0;
  const curvature = before - 2 * here + after;
  return curvature < 0 ? (before - after) / (2 * curvature) : 0;
}
