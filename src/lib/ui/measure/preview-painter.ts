// Shows some of a run's frames without slowing the run: at most one waits, and no more than the eye needs.
import type { Pose } from '../../pose/pose.ts';
import { drawPreview } from './draw-preview.ts';

/**
 * Painting competes with the measured work for the processor, and with engines that use WebGL for the
 * GPU process: a preview costs some 5 ms on a machine without a GPU. So at most one frame in eight is shown,
 * and three a second: LiteRT.js with both cores of such a machine lost 4 % of its speed to twice as many.
 */
const FRAMES_PER_PREVIEW = 8;
const MIN_PREVIEW_INTERVAL_MS = 333;

/** Paints previews on a canvas when the browser paints the page. */
export type PreviewPainter = {
  /** Whether the next frame is to be shown; asked once per frame. */
  isDue(): boolean;
  /** Takes a frame over and closes it once painted. */
  show(frame: VideoFrame, poses: readonly Pose[]): void;
  /** Drops what waits to be painted. */
  stop(): void;
};

/** A painter for this canvas. */
export function createPreviewPainter(canvas: HTMLCanvasElement): PreviewPainter {
  let waiting: VideoFrame | null = null;
  let request = 0;
  let shownAtMs = -Infinity;
  let framesSince = 0;

  function stop(): void {
    cancelAnimationFrame(request);
    waiting?.close();
    waiting = null;
  }

  return {
    isDue() {
      framesSince += 1;
      if (waiting !== null || framesSince < FRAMES_PER_PREVIEW) return false;
      return performance.now() - shownAtMs >= MIN_PREVIEW_INTERVAL_MS;
    },
    show(frame, poses) {
      stop();
      framesSince = 0;
      waiting = frame;
      shownAtMs = performance.now();
      request = requestAnimationFrame(() => {
        drawPreview(canvas, frame, poses);
        stop();
      });
    },
    stop,
  };
}
