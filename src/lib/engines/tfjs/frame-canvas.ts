// From a frame to something that TensorFlow.js reads pixels from: it does not know VideoFrames. A canvas
// costs the least of what it takes in a worker (ImageData and ImageBitmap are copies more). Copying the
// frame's pixels as RGBA would be a little cheaper still, but not every browser can.
import type { BackendId } from '../../models/model-spec.ts';

/** A canvas that shows one frame at a time. */
export type FrameCanvas = {
  /** The frame at its full display size, until the next one is drawn. The frame stays the caller's. */
  draw(frame: VideoFrame): OffscreenCanvas;
};

/** A canvas whose pixels are where the backend reads them: in memory for wasm, on the GPU otherwise. */
export function createFrameCanvas(backend: BackendId): FrameCanvas {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: backend === 'wasm' });
  return {
    draw(frame) {
      const { displayWidth, displayHeight } = frame;
      // Setting a size clears the canvas and its state, even when it stays the same.
      if (canvas.width !== displayWidth) canvas.width = displayWidth;
      if (canvas.height !== displayHeight) canvas.height = displayHeight;
      if (context) {
        // Nothing of the last picture may stay behind a transparent one.
        context.globalCompositeOperation = 'copy';
        context.drawImage(frame, 0, 0, displayWidth, displayHeight);
      }
      return canvas;
    },
  };
}
