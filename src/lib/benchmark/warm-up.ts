// An engine's first frames before a trial: the first inference of a runtime takes many times the others.
import type { PoseEngine } from '../engines/pose-engine.ts';
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

/** Has the source's first frames processed, one after the other. Rejects as a run does. */
export async function warmUp(
  engine: PoseEngine,
  { source, signal }: Pick<ScenarioInput, 'source' | 'signal'>,
): Promise<WarmEngine> {
  let frames = 0;
  let firstInferenceMs: number | null = null;
  let last = { timestampMs: 0, durationMs: 0 };
  for await (const { frame, timestampMs, durationMs } of repeatFrames(source, {
    repeats: true,
    signal,
  })) {
    const { engineMs } = await engine.estimate(frame, timestampMs);
    firstInferenceMs ??= engineMs;
    last = { timestampMs, durationMs };
    frames += 1;
    if (frames === WARM_UP_FRAMES) break;
  }
  return {
    engine,
    nextTimestampMs: last.timestampMs + Math.max(last.durationMs, LEAST_FRAME_MS),
    periodMs: frames > 1 ? last.timestampMs / (frames - 1) : last.durationMs,
    firstInferenceMs,
  };
}
