// Draws what stands on the stage into one transparent picture: actor and furniture, lit, smoothed,
// motion-blurred. Background, shadow and the light of the scene are in frame-painter.ts.
import { buildBody } from './body.ts';
import { IMAGE_HEIGHT_PX, IMAGE_WIDTH_PX } from './camera.ts';
import { dress } from './mesh.ts';
import { clearRaster, createRaster, drawSurface, type Raster } from './rasteriser.ts';
import { furnitureAt, skeletonAt } from './stage.ts';

/** Edge smoothing: the stage is drawn this many times larger in each direction than the clip. */
export const SAMPLES_PER_PX = 2;

/**
 * Instants of the exposure, in frames from its middle: a shutter of half a frame, as film cameras
 * have.
 */
const EXPOSURE = [-0.1875, -0.0625, 0.0625, 0.1875];

/**
 * A function that draws the stage at a frame as RGBA into a picture of the clip's size times
 * SAMPLES_PER_PX.
 */
export function createActorLayer(): (frame: number, picture: ImageData) => void {
  const body = buildBody();
  const raster = createRaster(IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX, SAMPLES_PER_PX, 0);
  const sums = new Float32Array(raster.nearness.length * 4);

  return (frame, picture) => {
    sums.fill(0);
    for (const offset of EXPOSURE) {
      clearRaster(raster);
      drawSurface(raster, dress(body, skeletonAt(frame + offset)), stageLight);
      for (const surface of furnitureAt(frame)) drawSurface(raster, surface, stageLight);
      addExposure(sums, raster);
    }
    develop(sums, picture.data);
  };
}

/** A lamp high on the left before the actor, and soft light from all around, more from above. */
function stageLight(nx: number, ny: number, nz: number): readonly [number, number, number] {
  const lamp = Math.max(0, -0.45 * nx + 0.55 * ny + 0.7 * nz);
  const around = 0.5 + 0.12 * ny + 0.1 * nz;
  return [around + 0.58 * lamp, around + 0.56 * lamp, around + 0.02 + 0.52 * lamp];
}

/** Adds colour times cover, and cover, of every pixel. */
function addExposure(sums: Float32Array, { nearness, colours }: Raster): void {
  for (let pixel = 0; pixel < nearness.length; pixel++) {
    if (nearness[pixel] === 0) continue;
    sums[pixel * 4]! += colours[pixel * 3]!;
    sums[pixel * 4 + 1]! += colours[pixel * 3 + 1]!;
    sums[pixel * 4 + 2]! += colours[pixel * 3 + 2]!;
    sums[pixel * 4 + 3]! += 1;
  }
}

function develop(sums: Float32Array, rgba: ImageData['data']): void {
  for (let at = 0; at < sums.length; at += 4) {
    const cover = sums[at + 3]!;
    rgba[at + 3] = (255 * cover) / EXPOSURE.length;
    if (cover === 0) continue;
    for (let channel = 0; channel < 3; channel++) rgba[at + channel] = sums[at + channel]! / cover;
  }
}
