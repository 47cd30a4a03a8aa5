// From a frame to something that TensorFlow.js reads pixels from: it does not know VideoFrames. A canvas
// costs the least of what it takes in a worker (ImageData and ImageBitmap are copies more). Copying the
// frame's pixels as RGBA would be a little cheaper still, but not every browser can.
import type { BackendId } from '../../models/model-spec.ts';

/** A canvas that shows one frame at a time. */
export type FrameCanvas = {
  /** The frame at its full display size, until the next one is drawn. The frame stays the caller's. */
  draw(frame: VideoFrame): DrawnFrame;
};

/** A frame on a canvas, and where its top left corner is, in pixels of the canvas. */
export type DrawnFrame = {
  readonly image: OffscreenCanvas;
  readonly left: number;
  readonly top: number;
};

/**
 * A canvas whose pixels are where the backend reads them: in memory for wasm, on the GPU otherwise. It is
 * as large as the frame, or, for `square`, as wide and as high as the frame's longer side, with the frame
 * in the middle and black around it.
 */
export function createFrameCanvas(backend: BackendId, shape: 'frame' | 'square'): FrameCanvas {
  const image = new OffscreenCanvas(1, 1);
  const context = image.getContext('2d', { willReadFrequently: backend === 'wasm' });
  return {
    draw(frame) {
      const { displayWidth, displayHeight } = frame;
      const sidePx = Math.max(displayWidth, displayHeight);
      const [widthPx, heightPx] =
        shape === 'square' ? [sidePx, sidePx] : [displayWidth, displayHeight];
      // Setting a size clears the canvas, even when it stays the same.
      if (image.width !== widthPx) image.width = widthPx;
      if (image.height !== heightPx) image.height = heightPx;
      // Whole pixels, so that the frame is not resampled.
      const left = Math.floor((widthPx - displayWidth) / 2);
      const top = Math.floor((heightPx - displayHeight) / 2);
      if (context) {
        // Nothing may stay of the last picture: around a smaller one, or behind a transparent one.
        context.globalCompositeOperation = 'copy';
        context.drawImage(frame, left, top, displayWidth, displayHeight);
      }
      return { image, left, top };
    },
  };
}
