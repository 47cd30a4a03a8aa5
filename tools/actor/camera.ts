// The pinhole camera that films the actor: it stands still and looks straight ahead.
import type { Vec3 } from './vector.ts';

/** Width of the clip's picture in pixels. */
export const IMAGE_WIDTH_PX = 480;
/** Height of the clip's picture in pixels. */
export const IMAGE_HEIGHT_PX = 640;

const FOCAL_LENGTH_PX = 1285;
/** From the middle mark of the stage. */
const DISTANCE_M = 5;
/** Above the floor. */
const HEIGHT_M = 1.05;
/** Picture row that shows what is as high as the camera. */
const HORIZON_PX = 335;

/** A point in the picture: source pixels, and its distance from the camera's plane in metres. */
export interface ImagePoint {
  readonly xPx: number;
  readonly yPx: number;
  readonly depthM: number;
}

/**
 * Projects a point of the stage (metres; the floor is y = 0, the middle mark x = z = 0) into the
 * picture.
 */
export function project([x, y, z]: Vec3): ImagePoint {
  const depthM = DISTANCE_M - z;
  const pxPerM = FOCAL_LENGTH_PX / depthM;
  return {
    xPx: IMAGE_WIDTH_PX / 2 + x * pxPerM,
    yPx: HORIZON_PX - (y - HEIGHT_M) * pxPerM,
    depthM,
  };
}
