// MediaPipe's way of cutting a region out of a frame, which is not quite the region.
import type { Region } from '../frame-sampler.ts';

/**
 * The region whose samples are those that MediaPipe takes of `region` on the CPU for a square picture of
 * `sidePx`: its pixel (i, j) is the frame's at i/side and j/side of the way, from corner to corner, counted
 * between the middles of pixels. That puts the picture half of its pixels up and left and half of the
 * frame's down and right, in effect by up to one pixel of the frame. Landmarks are projected out of the
 * region itself, as they are there. Source: image_to_tensor_converter_opencv.cc (cv::getPerspectiveTransform
 * between corners, cv::warpPerspective).
 */
export function warpedRegion(region: Region, sidePx: number): Region {
  const right = -region.width / sidePx / 2;
  const down = -region.height / sidePx / 2;
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  return {
    ...region,
    centerX: region.centerX + right * cos - down * sin + 0.5,
    centerY: region.centerY + right * sin + down * cos + 0.5,
  };
}
