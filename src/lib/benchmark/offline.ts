// The `offline` scenario: all frames are there, and what counts is how many get done (MLPerf Inference).
// Decoding, transfer and the engine overlap.
import { createFrameProcessor } from './frame-processor.ts';
import type { ArrivedFrame } from './frame-processor.ts';
import { createFrameQueue } from './frame-queue.ts';
import type { FrameQueue } from './frame-queue.ts';
import { durationLimit, repeatFrames } from './repeat-frames.ts';
import { runTogether } from './run-together.ts';
import type { ScenarioInput } from './scenario.ts';

/** Frames decoded ahead: a quarter of a second at 30 per second, and what decoders lend before they stall. */
export const DECODED_AHEAD_FRAMES = 8;

/** Frames at the engine: it works on one while the next is on its way. */
export const SENT_AT_ONCE = 2;

/**
 * Processes every frame once and in order, to the end of the source or, where a duration is set, pass after
 * pass until it is over; then what was decoded by then is still processed. A frame's time counts from
 * asking for it to be decoded. Rejects when aborted or when the source or the engine fails; all frames are
 * closed then.
 */
export async function runOffline(input: ScenarioInput): Promise<void> {
  const { timer, signal } = input;
  input.onStart();
  const startMs = timer.clock();
  await runTogether(signal, (both) => {
    const decoded = createFrameQueue<ArrivedFrame>(DECODED_AHEAD_FRAMES, both);
    const process = createFrameProcessor({
      ...input,
      stream: 0,
      firstTimestampMs: 0,
      queueDepth: decoded.length,
    });
    const send = async (): Promise<void> => {
      for (let next = await decoded.take(); next; next = await decoded.take()) {
        await process(next, { startMs, sentMs: timer.clock() });
      }
    };
    return [
      () => decodeInto(decoded, input, both, startMs),
      ...Array.from({ length: SENT_AT_ONCE }, () => send),
    ];
  });
}

async function decodeInto(
  queue: FrameQueue<ArrivedFrame>,
  { source, settings, timer }: ScenarioInput,
  signal: AbortSignal,
  startMs: number,
): Promise<void> {
  const limitMs = durationLimit(source, settings);
  let dueMs = timer.clock();
  for await (const frame of repeatFrames(source, { repeats: limitMs !== null, signal })) {
    queue.put({ ...frame, dueMs, readyMs: timer.clock() });
    await queue.room();
    dueMs = timer.clock();
    if (limitMs !== null && dueMs - startMs >= limitMs) break;
  }
  queue.end();
}
