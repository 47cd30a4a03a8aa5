// The `single-stream` scenario: the next frame is taken when the last one is done (MLPerf Inference).
// Knows nothing of pages, storage or servers.
import { createFrameProcessor } from './frame-processor.ts';
import { durationLimit, repeatFrames } from './repeat-frames.ts';
import type { ScenarioInput } from './scenario.ts';

/**
 * Processes the source to its end or, where a duration is set, pass after pass until it is over; at least
 * one frame. A frame's time counts from asking for it. Rejects when aborted or when the source or the
 * engine fails.
 */
export async function runSingleStream(input: ScenarioInput): Promise<void> {
  const { source, settings, timer, signal } = input;
  const limitMs = durationLimit(source, settings);
  const process = createFrameProcessor({
    ...input,
    stream: 0,
    firstTimestampMs: 0,
    queueDepth: () => 0,
  });
  input.onStart();
  const startMs = timer.clock();
  let dueMs = startMs;
  for await (const frame of repeatFrames(source, { repeats: limitMs !== null, signal })) {
    const readyMs = timer.clock();
    await process({ ...frame, dueMs, readyMs }, { startMs, sentMs: readyMs });
    dueMs = timer.clock();
    if (limitMs !== null && dueMs - startMs >= limitMs) return;
  }
}
