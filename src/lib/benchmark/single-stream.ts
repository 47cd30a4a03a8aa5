// The `single-stream` scenario: the next frame is taken when the last one is done (MLPerf Inference).
// Owns the clock readings of a frame. Knows nothing of pages, storage or servers.
import type { PoseEngine } from '../engines/pose-engine.ts';
import type { FrameSource } from '../video/frame-source.ts';
import type { FrameSample } from './run-result.ts';

/** What a scenario runs on. */
export type ScenarioInput = {
  readonly source: FrameSource;
  readonly engine: PoseEngine;
  /** Monotonic time in ms. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Asked once per frame, before it is sent: whether its pixels are to be shown. */
  readonly wantsPreview: () => boolean;
  /** Told of each frame when it is done, between two frames; `preview` is the receiver's to close. */
  readonly onSample: (sample: FrameSample, durationMs: number, preview: VideoFrame | null) => void;
};

/** Processes the source to its end. Rejects when aborted or when the source or the engine fails. */
export async function runSingleStream(input: ScenarioInput): Promise<void> {
  const { source, engine, clock, signal, wantsPreview, onSample } = input;
  const startMs = clock();
  let firstPtsMs: number | null = null;
  let askedMs = startMs;
  for await (const { frame, index, ptsMs, durationMs } of source.frames()) {
    const decodedMs = clock();
    if (signal.aborted) frame.close();
    signal.throwIfAborted();
    firstPtsMs ??= ptsMs;
    const preview = wantsPreview() ? frame.clone() : null;
    try {
      const estimate = await engine.estimate(frame, ptsMs - firstPtsMs);
      const doneMs = clock();
      const { poses, engineMs, preprocessMs, inferenceMs, postprocessMs } = estimate;
      const sample: FrameSample = {
        index,
        ptsMs,
        doneMs: doneMs - startMs,
        endToEndMs: doneMs - askedMs,
        decodeMs: decodedMs - askedMs,
        // Two clocks of one machine can disagree by their resolution; a duration is never negative.
        transferMs: Math.max(0, doneMs - decodedMs - engineMs),
        engineMs,
        preprocessMs,
        inferenceMs,
        postprocessMs,
        poses,
      };
      onSample(sample, durationMs, preview);
    } catch (cause) {
      preview?.close();
      throw cause;
    }
    askedMs = clock();
  }
}
