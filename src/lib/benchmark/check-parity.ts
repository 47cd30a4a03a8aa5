// Whether a backend computes the same as wasm does: the same model on the same first frames.
import type { PoseEngine } from '../engines/pose-engine.ts';
import { parityOf } from '../metrics/pose-parity.ts';
import type { PoseParity } from '../metrics/pose-parity.ts';
import type { Pose } from '../pose/pose.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { FrameLostError } from './frame-lost-error.ts';

/** Frames that are compared: enough for a tracker to settle, few enough for the slowest backend. */
export const PARITY_FRAMES = 8;

/** Later than any frame of the run before, as engines want timestamps that grow. In ms. */
const PARITY_START_MS = 1e9;

/** Compares an engine that is loaded with a reference. Rejects when either fails. */
export type ParityCheck = (input: {
  readonly engine: PoseEngine;
  readonly source: FrameSource;
  readonly signal: AbortSignal;
}) => Promise<PoseParity | null>;

/**
 * A check against an engine that `openReference` loads, and that is disposed of afterwards. Both see the
 * source's first frames, without memory of earlier ones; an engine that is lost and replaced sees them again. Null when neither finds anybody in them.
 */
export function createParityCheck(openReference: () => Promise<PoseEngine>): ParityCheck {
  return async ({ engine, source, signal }) => {
    await engine.reset();
    const actual = await posesOf(engine, source, signal);
    const reference = await openReference();
    try {
      return parityOf(await posesOf(reference, source, signal), actual);
    } finally {
      await reference.dispose();
    }
  };
}

async function posesOf(
  engine: PoseEngine,
  source: FrameSource,
  signal: AbortSignal,
): Promise<(readonly Pose[])[]> {
  for (;;) {
    try {
      return await posesOfFirstFrames(engine, source, signal);
    } catch (cause) {
      // Its successor remembers nobody, so it begins with the first frame as well.
      if (!(cause instanceof FrameLostError)) throw cause;
    }
  }
}

async function posesOfFirstFrames(
  engine: PoseEngine,
  source: FrameSource,
  signal: AbortSignal,
): Promise<(readonly Pose[])[]> {
  const poses: (readonly Pose[])[] = [];
  for await (const { frame, ptsMs } of source.frames(signal)) {
    if (signal.aborted) frame.close();
    signal.throwIfAborted();
    const estimate = await engine.estimate(frame, PARITY_START_MS + ptsMs);
    poses.push(estimate.poses);
    if (poses.length >= PARITY_FRAMES) break;
  }
  return poses;
}
