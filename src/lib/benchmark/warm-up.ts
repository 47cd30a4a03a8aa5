// An engine's first frames before a trial: the first inference of a runtime takes many times the others.
import type { PoseEngine } from '../engines/pose-engine.ts';
import { FrameLostError } from './frame-lost-error.ts';
import { LEAST_FRAME_MS, repeatFrames } from './repeat-frames.ts';
import type { ScenarioInput } from './scenario.ts';

/** Enough for a runtime to compile, allocate and find the person; those after take what all take. */
export const WARM_UP_FRAMES = 10;

/** An engine that has seen frames of the source. */
export type WarmEngine = {
  readonly engine: PoseEngine;
  /** What its next timestamp must be at least, in ms. */
  nextTimestampMs: number;
  /** From one frame of the source to the next, in ms. */
  readonly periodMs: number;
  /** The engine's time for its very first frame; null where the source gave none. */
  readonly firstInferenceMs: number | null;
};

/**
 * Has the source's first frames processed, one after the other, the first of them at `firstTimestampMs`. An
 * engine that is lost meanwhile is warmed up anew. Rejects as a run does.
 */
export async function warmUp(
  engine: PoseEngine,
  { source, signal }: Pick<ScenarioInput, 'source' | 'signal'>,
  firstTimestampMs = 0,
): Promise<WarmEngine> {
  let frames = 0;
  let warm = 0;
  let firstInferenceMs: number | null = null;
  let last = { timestampMs: 0, durationMs: 0 };
  for await (const { frame, timestampMs, durationMs } of repeatFrames(source, {
    repeats: true,
    signal,
  })) {
    const engineMs = await timeOf(engine, frame, firstTimestampMs + timestampMs);
    firstInferenceMs ??= engineMs;
    last = { timestampMs, durationMs };
    frames += 1;
    warm = engineMs === null ? 0 : warm + 1;
    if (warm === WARM_UP_FRAMES) break;
  }
  return {
    engine,
    nextTimestampMs:
      firstTimestampMs + last.timestampMs + Math.max(last.durationMs, LEAST_FRAME_MS),
    periodMs: frames > 1 ? last.timestampMs / (frames - 1) : last.durationMs,
    firstInferenceMs,
  };
}

/** The engine's time for the frame, or null when both were lost. */
async function timeOf(
  engine: PoseEngine,
  frame: VideoFrame,
  timestampMs: number,
): Promise<number | null> {
  try {
    return (await engine.estimate(frame, timestampMs)).engineMs;
  } catch (cause) {
    if (cause instanceof FrameLostError) return null;
    throw cause;
  }
}
