// A source played once or over and over, on one timeline that keeps growing. How fast is the scenario's.
import { framesInTime } from './frames-in-time.ts';
import type { FrameSource, SourceFrame } from '../video/frame-source.ts';
import type { ScenarioSettings } from './run-plan.ts';

/** How long a camera is watched when nobody says: 300 frames at 30 per second, enough for a p95. In ms. */
export const CAMERA_DURATION_MS = 10_000;

/** Between two frames, or the last of a pass and the first of the next, where the source does not tell. In ms. */
export const LEAST_FRAME_MS = 1;

/** A frame of one pass. The receiver closes `frame`. */
export type RepeatedFrame = SourceFrame & {
  /** Which repetition of the source, from 0. */
  readonly pass: number;
  /** On the source's timeline, from 0 at the first frame and growing from pass to pass. */
  readonly timestampMs: number;
};

/** How long a run takes frames, in ms of wall time; null: to the end of its source. */
export function durationLimit(
  { info }: FrameSource,
  { durationMs }: ScenarioSettings,
): number | null {
  return durationMs ?? (info.kind === 'camera' ? CAMERA_DURATION_MS : null);
}

/**
 * The frames of a source, with `repeats` pass after pass until the consumer stops. A camera has one pass.
 * Throws what the source throws, and the signal's reason when aborted.
 */
export async function* repeatFrames(
  source: FrameSource,
  { repeats, signal }: { readonly repeats: boolean; readonly signal: AbortSignal },
): AsyncGenerator<RepeatedFrame, void, void> {
  let passStartMs = 0;
  for (let pass = 0; pass === 0 || repeats; pass += 1) {
    let firstPtsMs: number | null = null;
    let timestampMs = passStartMs;
    let durationMs = 0;
    for await (const frame of framesInTime(source, signal)) {
      const isFirst = firstPtsMs === null;
      firstPtsMs ??= frame.ptsMs;
      const lastMs = timestampMs;
      timestampMs = passStartMs + (frame.ptsMs - firstPtsMs);
      // Cameras under load give two pictures the same time, or one an earlier. MediaPipe tells whole ms apart.
      if (!isFirst) timestampMs = Math.max(timestampMs, lastMs + LEAST_FRAME_MS);
      durationMs = frame.durationMs;
      yield { ...frame, pass, timestampMs };
    }
    // A source without a frame would be asked for ever.
    if (firstPtsMs === null) return;
    passStartMs = timestampMs + Math.max(durationMs, LEAST_FRAME_MS);
  }
}
