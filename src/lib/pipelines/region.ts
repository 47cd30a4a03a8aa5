// Geometry of regions: which part of a frame fills a network's input, and the way back.
import type { Region } from './frame-sampler.ts';

/** The smallest upright region of the given aspect (width / height) that holds the whole frame, centred. */
export function letterbox(frameWidthPx: number, frameHeightPx: number, aspect: number): Region {
  const width = Math.max(frameWidthPx, frameHeightPx * aspect);
  return {
    centerX: frameWidthPx / 2,
    centerY: frameHeightPx / 2,
    width,
    height: width / aspect,
    rotation: 0,
  };
}

/** A point given in fractions of the region, (0, 0) its own top left corner, in pixels of the frame. */
export function toFrame(region: Region, u: number, v: number): { x: number; y: number } {
  const dx = (u - 0.5) * region.width;
  const dy = (v - 0.5) * region.height;
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  return {
    x: region.centerX + dx * cos - dy * sin,
    y: region.centerY + dx * sin + dy * cos,
  };
}
