// Draws triangle surfaces into a depth buffer with smooth shading. It is the one judge of what
// hides what, for the picture and for the ground truth alike.
import { project } from './camera.ts';
import type { Surface } from './mesh.ts';

/**
 * A picture under construction. Pixels are row by row; `samplesPerPx` of them make one pixel of the
 * clip.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPx: number;
  /** Where the clip's left edge lies in the raster, in pixels of the clip. */
  readonly marginPx: number;
  /** 1 / (distance from the camera in metres); 0 where nothing was drawn. */
  readonly nearness: Float32Array;
  /** sRGB, 0 to 255, three per pixel. */
  readonly colours: Float32Array;
}

/** Light that falls on a point, per channel, for a unit normal: multiplies the surface's colour. */
export type Lighting = (nx: number, ny: number, nz: number) => readonly [number, number, number];

/** An empty raster; sizes and margin in pixels of the clip. */
export function createRaster(
  widthPx: number,
  heightPx: number,
  samplesPerPx: number,
  marginPx: number,
): Raster {
  const width = (widthPx + 2 * marginPx) * samplesPerPx;
  const height = heightPx * samplesPerPx;
  return {
    width,
    height,
    samplesPerPx,
    marginPx,
    nearness: new Float32Array(width * height),
    colours: new Float32Array(width * height * 3),
  };
}

/** Wipes a raster. */
export function clearRaster(raster: Raster): void {
  raster.nearness.fill(0);
}

/** Draws a surface over what is there; nearer points win. */
export function drawSurface(raster: Raster, surface: Surface, lighting: Lighting): void {
  const { positions, corners } = surface;
  const count = positions.length / 3;
  const screen = new Float64Array(count * 3);
  for (let point = 0; point < count; point++) {
    const at = point * 3;
    const image = project([positions[at]!, positions[at + 1]!, positions[at + 2]!]);
    screen[at] = (image.xPx + raster.marginPx) * raster.samplesPerPx;
    screen[at + 1] = image.yPx * raster.samplesPerPx;
    screen[at + 2] = 1 / image.depthM;
  }
  const shaded = shadePoints(surface, lighting);
  for (let corner = 0; corner < corners.length; corner += 3) {
    drawTriangle(
      raster,
      screen,
      shaded,
      corners[corner]!,
      corners[corner + 1]!,
      corners[corner + 2]!,
    );
  }
}

/**
 * Colour of every point under the light, from normals averaged over the triangles that meet there.
 */
function shadePoints(surface: Surface, lighting: Lighting): Float64Array {
  const { positions, colours, corners } = surface;
  const normals = new Float64Array(positions.length);
  for (let corner = 0; corner < corners.length; corner += 3) {
    const a = corners[corner]! * 3;
    const b = corners[corner + 1]! * 3;
    const c = corners[corner + 2]! * 3;
    const ux = positions[b]! - positions[a]!;
    const uy = positions[b + 1]! - positions[a + 1]!;
    const uz = positions[b + 2]! - positions[a + 2]!;
    const vx = positions[c]! - positions[a]!;
    const vy = positions[c + 1]! - positions[a + 1]!;
    const vz = positions[c + 2]! - positions[a + 2]!;
    for (const point of [a, b, c]) {
      normals[point]! += uy * vz - uz * vy;
      normals[point + 1]! += uz * vx - ux * vz;
      normals[point + 2]! += ux * vy - uy * vx;
    }
  }
  const shaded = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const [nx, ny, nz] = [normals[at]!, normals[at + 1]!, normals[at + 2]!];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    const light = lighting(nx / length, ny / length, nz / length);
    for (const channel of [0, 1, 2] as const) {
      shaded[at + channel] = Math.min(255, colours[at + channel]! * light[channel]);
    }
  }
  return shaded;
}

function drawTriangle(
  raster: Raster,
  screen: Float64Array,
  shaded: Float64Array,
  a: number,
  b: number,
  c: number,
): void {
  const [ax, ay, az] = [screen[a * 3]!, screen[a * 3 + 1]!, screen[a * 3 + 2]!];
  const [bx, by, bz] = [screen[b * 3]!, screen[b * 3 + 1]!, screen[b * 3 + 2]!];
  const [cx, cy, cz] = [screen[c * 3]!, screen[c * 3 + 1]!, screen[c * 3 + 2]!];
  const doubleArea = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // The picture's y runs down, so a triangle seen from outside turns clockwise here: negative area.
  if (doubleArea >= 0) return;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const right = Math.min(raster.width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const bottom = Math.min(raster.height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5;
      const wb = ((px - ax) * (cy - ay) - (py - ay) * (cx - ax)) / doubleArea;
      const wc = ((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / doubleArea;
      const wa = 1 - wb - wc;
      if (wa < 0 || wb < 0 || wc < 0) continue;
      const pixel = y * raster.width + x;
      const nearness = wa * az + wb * bz + wc * cz;
      if (nearness <= raster.nearness[pixel]!) continue;
      raster.nearness[pixel] = nearness;
      for (let channel = 0; channel < 3; channel++) {
        raster.colours[pixel * 3 + channel] =
          wa * shaded[a * 3 + channel]! +
          wb * shaded[b * 3 + channel]! +
          wc * shaded[c * 3 + channel]!;
      }
    }
  }
}
