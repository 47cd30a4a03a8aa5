// Cuts a run into tumbling windows: what is sent while it goes on, and what survives if it does not end.
import { summariseConfidences } from '../metrics/distribution.ts';
import type { ConfidenceSummary } from '../metrics/distribution.ts';
import { sketchOf } from '../metrics/latency-sketch.ts';
import type { LatencySketch } from '../metrics/latency-sketch.ts';
import { confidencesOf, isDetected, meanVisibilityOf } from './quality.ts';
import type { RunPlan } from './run-plan.ts';
import type { FrameCounts, FrameSample } from './run-result.ts';
import { perTiming } from './timings.ts';
import type { Timing } from './timings.ts';

/** One tumbling window. Windows tile the run's wall time: each starts where the last one ended. */
export type WindowSummary = {
  /** From 0, without gaps. */
  readonly index: number;
  /** From the run's start to the window's. */
  readonly startMs: number;
  readonly wallDurationMs: number;
  readonly mediaDurationMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: FrameCounts;
  /** Raw durations, one per processed frame. */
  readonly latencyMs: { readonly endToEnd: number[] };
  /** Null where the engine hides the stage. */
  readonly sketches: Readonly<Record<Timing, LatencySketch | null>>;
  readonly confidence: ConfidenceSummary;
  readonly meanVisibility: number | null;
  /** Frames waiting when the window closed; 0 where a frame is only asked for when it is wanted. */
  readonly queueDepth: number;
};

/** Collects samples until their window is full. */
export type WindowAccumulator = {
  /** Adds a frame of this media duration; returns the window that it filled, if it did. */
  add(sample: FrameSample, durationMs: number, queueDepth: number): WindowSummary | null;
  /** Counts a frame of this media duration that was dropped. */
  drop(durationMs: number): void;
  /** The last, shorter window, or null when nothing came after the last full one. */
  flush(): WindowSummary | null;
};

/**
 * Windows of at least `windowMs` of wall time. A window closes with the first frame that ends at or
 * after its length, so that no frame is cut in two and the windows' frames add up to the run's; it
 * closes earlier only when it has `maxWindowFrames`.
 */
export function createWindowAccumulator(
  { windowMs, maxWindowFrames }: Pick<RunPlan, 'windowMs' | 'maxWindowFrames'>,
  size: { readonly widthPx: number; readonly heightPx: number },
): WindowAccumulator {
  let index = 0;
  let startMs = 0;
  let mediaDurationMs = 0;
  let dropped = 0;
  let queueDepth = 0;
  let samples: FrameSample[] = [];

  function close(): WindowSummary | null {
    if (samples.length === 0 && dropped === 0) return null;
    const endMs = samples.at(-1)?.doneMs ?? startMs;
    const summary: WindowSummary = {
      index,
      startMs,
      wallDurationMs: endMs - startMs,
      mediaDurationMs,
      widthPx: size.widthPx,
      heightPx: size.heightPx,
      frames: countFrames(samples, dropped),
      latencyMs: { endToEnd: samples.map((sample) => sample.endToEndMs) },
      sketches: perTiming(samples, sketchOf),
      confidence: summariseConfidences(confidencesOf(samples)),
      meanVisibility: meanVisibilityOf(samples),
      queueDepth,
    };
    index += 1;
    startMs = endMs;
    mediaDurationMs = 0;
    dropped = 0;
    samples = [];
    return summary;
  }

  return {
    add(sample, durationMs, waiting) {
      samples.push(sample);
      mediaDurationMs += durationMs;
      queueDepth = waiting;
      const isFull = sample.doneMs - startMs >= windowMs || samples.length >= maxWindowFrames;
      return isFull ? close() : null;
    },
    drop(durationMs) {
      dropped += 1;
      mediaDurationMs += durationMs;
    },
    flush: close,
  };
}

/** The counts of processed samples and of frames that were dropped, late or lost with their engine. */
function countFrames(samples: readonly FrameSample[], dropped: number): FrameCounts {
  const processed = samples.length;
  return {
    decoded: processed + dropped,
    processed,
    dropped,
    detected: samples.filter(isDetected).length,
  };
}
