// Sends one frame to an engine and makes a sample of it. Owns the clock readings around the engine;
// when a frame is due and where it comes from is the scenario's.
import type { PoseEngine, PoseEstimate } from '../engines/pose-engine.ts';
import { createDowntime } from './downtime.ts';
import type { FrameTimes } from './downtime.ts';
import { FrameLostError } from './frame-lost-error.ts';
import type { RepeatedFrame } from './repeat-frames.ts';
import type { FrameSample } from './run-result.ts';
import type { FrameReceiver, Timer } from './scenario.ts';

/** A frame and when it got here, in ms of the page's clock. */
export type ArrivedFrame = RepeatedFrame & {
  /** When it was asked for or, in a live stream, due: its time counts from here. */
  readonly dueMs: number;
  /** When it was at hand. */
  readonly readyMs: number;
};

/** When a frame is sent, in ms of the page's clock. */
export type Sending = {
  /** When the run's clock started. */
  readonly startMs: number;
  readonly sentMs: number;
};

/** What frames of one stream go through. */
export type ProcessorInput = FrameReceiver & {
  readonly engine: PoseEngine;
  readonly timer: Timer;
  /** Which of several streams, from 0. */
  readonly stream: number;
  /** Frames waiting to be sent. */
  readonly queueDepth: () => number;
  /** Added to the frames' timestamps, which an engine wants to grow from one run to the next. */
  readonly firstTimestampMs: number;
};

/**
 * A function that sends a frame to the engine now, and tells the receiver when it is done. Frames may be
 * given before the last one is done, in their order. Takes the frame over and closes it on every path. A
 * frame that is lost with its engine counts as dropped, and what it took to replace the engine is in no
 * frame's time. Rejects when the engine fails.
 */
export function createFrameProcessor(
  input: ProcessorInput,
): (frame: ArrivedFrame, sending: Sending) => Promise<void> {
  const { engine, timer, stream, firstTimestampMs, queueDepth } = input;
  const { wantsPreview, onSample, onDrop } = input;
  const downtime = createDowntime();
  /** When the engine was done with the frame before. */
  let engineFreeMs = -Infinity;

  return async (arrived, sending) => {
    let preview: VideoFrame | null = null;
    try {
      preview = wantsPreview() ? arrived.frame.clone() : null;
      const estimate = await engine.estimate(arrived.frame, firstTimestampMs + arrived.timestampMs);
      const doneMs = timer.clock();
      const { dueMs, readyMs } = arrived;
      const times = downtime.leaveOut({ dueMs, readyMs, sentMs: sending.sentMs });
      const readings = { ...times, startMs: sending.startMs, stream, doneMs, engineFreeMs };
      const sample = sampleOf(arrived, estimate, readings);
      engineFreeMs = estimate.startedMs + estimate.engineMs;
      onSample(sample, arrived.durationMs, preview, queueDepth());
    } catch (cause) {
      preview?.close();
      if (!(cause instanceof FrameLostError)) throw cause;
      downtime.add(sending.sentMs, timer.clock());
      onDrop(arrived.durationMs, stream);
    }
  };
}

type Readings = Sending &
  FrameTimes & {
    readonly stream: number;
    readonly doneMs: number;
    readonly engineFreeMs: number;
  };

/**
 * decode + queue + transfer + engine = end to end. The frame waits for the engine on the page until it is
 * sent, then in the worker while the engine is still busy with the frame before; what is neither that nor
 * the engine's work is transfer.
 */
function sampleOf(frame: ArrivedFrame, estimate: PoseEstimate, readings: Readings): FrameSample {
  const { index, pass, ptsMs } = frame;
  const { stream, startMs, dueMs, readyMs, sentMs, doneMs, engineFreeMs } = readings;
  const { poses, startedMs, engineMs, preprocessMs, inferenceMs, postprocessMs } = estimate;
  // Two clocks of one machine can disagree by their resolution; a duration is never negative.
  const outsideMs = Math.max(0, doneMs - sentMs - engineMs);
  const behindMs = Math.max(0, Math.min(engineFreeMs, startedMs) - sentMs);
  const waitedMs = Math.min(behindMs, outsideMs);
  return {
    index,
    pass,
    stream,
    ptsMs,
    doneMs: doneMs - startMs,
    endToEndMs: doneMs - dueMs,
    decodeMs: readyMs - dueMs,
    queueMs: sentMs - readyMs + waitedMs,
    transferMs: outsideMs - waitedMs,
    engineMs,
    preprocessMs,
    inferenceMs,
    postprocessMs,
    people: poses.length,
    poses,
  };
}
