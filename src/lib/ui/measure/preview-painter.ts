// Shows some of a run's frames without slowing the run: at most one waits, and no more than the eye needs.
import type { Pose } from '../../pose/pose.ts';
import { drawPreview } from './draw-preview.ts';

/** Least time between two pictures. Painting competes with the measured work for the processor. */
const PREVIEW_INTERVAL_MS = 100;

/** Paints previews on a canvas when the browser paints the page. */
export type PreviewPainter = {
  /** Whether a new picture is due. */
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

  function stop(): void {
    cancelAnimationFrame(request);
    waiting?.close();
    waiting = null;
  }

  return {
    isDue: () => waiting === null && performance.now() - shownAtMs >= PREVIEW_INTERVAL_MS,
    show(frame, poses) {
      stop();
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
