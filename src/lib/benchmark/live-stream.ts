// One live stream: frames come when the source's clock says so, whether or not the engine is ready.
// What a run or a search makes of it: live.ts, live-search.ts, multi-stream.ts.
import type { PoseEngine } from '../engines/pose-engine.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { createFrameProcessor } from './frame-processor.ts';
import type { ArrivedFrame } from './frame-processor.ts';
import { createFrameQueue } from './frame-queue.ts';
import type { FrameQueue } from './frame-queue.ts';
import { repeatFrames } from './repeat-frames.ts';
import type { RepeatedFrame } from './repeat-frames.ts';
import { runTogether } from './run-together.ts';
import type { FrameReceiver, Timer } from './scenario.ts';
import { createStreamLog } from './stream-log.ts';
import type { StreamReport } from './stream-log.ts';

/** Frames of a clip decoded ahead: what hides the start of a decoder when a short clip begins again. */
export const LIVE_BUFFER_FRAMES = 8;

/** Newer frames replace the one that waits: a result is wanted of what is seen now. */
const WAITING_FRAMES = 1;

/** How one stream is run. */
export type LiveStreamInput = FrameReceiver & {
  readonly source: FrameSource;
  readonly engine: PoseEngine;
  readonly timer: Timer;
  readonly signal: AbortSignal;
  /** Which of several streams, from 0. */
  readonly stream: number;
  /** How often the source's own rate; 1 keeps its clock. A camera has no other. */
  readonly rate: number;
  /** By how much of a frame's duration this stream comes after the start, in [0, 1). */
  readonly phase: number;
  /** Frames due later than this after the start are not of the run, in ms; null: to the end of the source. */
  readonly durationMs: number | null;
  /** Frames to release at most, pass after pass if the source has fewer; null for no such limit. */
  readonly maxFrames: number | null;
  /** Asked of each frame that is due: whether the stream is to end before it. */
  readonly isOver: () => boolean;
  /** Added to the timestamps that the engine gets. */
  readonly firstTimestampMs: number;
  /**
   * Called when the first frame is at hand, of a clip with as many as are decoded ahead. Gives the time, in
   * ms of the clock, from which frames are due.
   */
  readonly start: () => number | Promise<number>;
};

/**
 * Runs one stream to its end. Frame i is due at `start + (pts i − pts 0) / rate`; a camera's when it
 * arrives. While the engine is busy the newest frame waits, and the one that waited before is dropped. A
 * clip is decoded ahead; a frame that is not decoded when it is due is late by that, and its `decodeMs`
 * says by how much (a timer that woke late counts there, too). Rejects when aborted or when the source or
 * the engine fails; all frames are closed then.
 */
export async function runLiveStream(input: LiveStreamInput): Promise<StreamReport> {
  const { source, timer, signal, stream } = input;
  const log = createStreamLog(input.firstTimestampMs, input.rate);
  let startMs = 0;

  /** The start, and how much later this stream's first frame is due. */
  async function started(first: RepeatedFrame): Promise<number> {
    try {
      startMs = await input.start();
    } catch (cause) {
      first.frame.close();
      throw cause;
    }
    return startMs + (input.phase * first.durationMs) / input.rate;
  }

  function drop(durationMs: number): void {
    log.addDrop();
    input.onDrop(durationMs, stream);
  }

  function release(waiting: FrameQueue<ArrivedFrame>, frame: ArrivedFrame): void {
    log.addFrame(frame);
    const dropped = waiting.put(frame);
    if (!dropped) return;
    dropped.frame.close();
    drop(dropped.durationMs);
  }

  await runTogether(signal, (both) => {
    const waiting = createFrameQueue<ArrivedFrame>(WAITING_FRAMES, both);
    const process = createFrameProcessor({
      ...input,
      queueDepth: waiting.length,
      onSample(sample, ...rest) {
        log.addResult(sample);
        input.onSample(sample, ...rest);
      },
      onDrop: drop,
    });
    const feed = { input: { ...input, signal: both }, started, waiting, release };
    const work = async (): Promise<void> => {
      for (let next = await waiting.take(); next; next = await waiting.take()) {
        await process(next, { startMs, sentMs: timer.clock() });
      }
    };
    if (source.info.kind === 'camera') return [() => feedFromCamera(feed), work];
    const decoded = createFrameQueue<RepeatedFrame>(LIVE_BUFFER_FRAMES, both);
    return [() => decodeAhead(decoded, feed.input), () => feedWhenDue(decoded, feed), work];
  });
  return log.report();
}

type Feed = {
  readonly input: LiveStreamInput;
  readonly started: (first: RepeatedFrame) => Promise<number>;
  readonly waiting: FrameQueue<ArrivedFrame>;
  readonly release: (waiting: FrameQueue<ArrivedFrame>, frame: ArrivedFrame) => void;
};

async function decodeAhead(
  decoded: FrameQueue<RepeatedFrame>,
  { source, signal, durationMs, maxFrames, rate, isOver }: LiveStreamInput,
): Promise<void> {
  const repeats = durationMs !== null || maxFrames !== null;
  let frames = 0;
  for await (const frame of repeatFrames(source, { repeats, signal })) {
    if (durationMs !== null && frame.timestampMs / rate >= durationMs) {
      frame.frame.close();
      break;
    }
    decoded.put(frame);
    frames += 1;
    await decoded.room();
    if (frames === maxFrames || isOver()) break;
  }
  decoded.end();
}

async function feedWhenDue(
  decoded: FrameQueue<RepeatedFrame>,
  { input, started, waiting, release }: Feed,
): Promise<void> {
  const { timer, signal, rate, isOver } = input;
  let firstDueMs: number | null = null;
  // Starting a decoder and filling the buffer is work that no frame should have to wait for.
  await decoded.filled();
  for (let next = await decoded.take(); next; next = await decoded.take()) {
    firstDueMs ??= await started(next);
    const dueMs = firstDueMs + next.timestampMs / rate;
    try {
      if (!isOver()) await timer.waitUntil(dueMs, signal);
    } catch (cause) {
      next.frame.close();
      throw cause;
    }
    // What was decoded ahead is still taken, so that it is closed.
    if (isOver()) next.frame.close();
    else release(waiting, { ...next, dueMs, readyMs: timer.clock() });
  }
  waiting.end();
}

async function feedFromCamera({ input, started, waiting, release }: Feed): Promise<void> {
  const { source, timer, signal, durationMs, maxFrames, isOver } = input;
  let startMs: number | null = null;
  let frames = 0;
  for await (const frame of repeatFrames(source, { repeats: false, signal })) {
    startMs ??= await started(frame);
    const nowMs = timer.clock();
    if ((durationMs !== null && nowMs - startMs >= durationMs) || isOver()) {
      frame.frame.close();
      break;
    }
    release(waiting, { ...frame, dueMs: nowMs, readyMs: nowMs });
    frames += 1;
    if (frames === maxFrames) break;
  }
  waiting.end();
}
