// What is counted of a run while it goes on, and stands whatever becomes of its samples.
import { isDetected } from './quality.ts';
import type { FrameCounts, FrameSample } from './run-result.ts';

/** The counts of a run's frames. */
export type CountedFrames = {
  readonly frames: FrameCounts;
  /** Of each stream. */
  readonly droppedFrames: readonly number[];
  /** From the run's first frame being asked for to its last result, in ms; 0 without frames. */
  readonly wallTimeMs: number;
};

/** Counts frames as they come. */
export type FrameCounter = {
  add(sample: FrameSample): void;
  /** Counts a dropped frame of the stream with this number. */
  drop(stream: number): void;
  /** Of all so far. */
  counted(): CountedFrames;
};

/** A counter at 0. */
export function createFrameCounter(): FrameCounter {
  const droppedFrames: number[] = [];
  let processed = 0;
  let detected = 0;
  let dropped = 0;
  let wallTimeMs = 0;
  return {
    add(sample) {
      processed += 1;
      if (isDetected(sample)) detected += 1;
      wallTimeMs = sample.doneMs;
    },
    drop(stream) {
      dropped += 1;
      droppedFrames[stream] = (droppedFrames[stream] ?? 0) + 1;
    },
    counted: () => ({
      frames: { decoded: processed + dropped, processed, dropped, detected },
      droppedFrames,
      wallTimeMs,
    }),
  };
}
