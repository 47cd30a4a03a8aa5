// What is counted of one live stream, and what its deadline makes of it.
import { createNumberLog } from './number-log.ts';
import type { NumberLog } from './number-log.ts';
import { LEAST_FRAME_MS } from './repeat-frames.ts';
import type { RepeatedFrame } from './repeat-frames.ts';
import type { FrameSample } from './run-result.ts';

const MS_PER_SECOND = 1000;

/**
 * The share of frames that may miss their deadline for a rate to count as held: issue 4 and the share that
 * video calls allow before they lower the rate. In [0, 1].
 */
export const MAX_MISSED_DEADLINES = 0.01;

/**
 * Frame periods from a frame being due to its deadline: at most one of waiting, as then the next frame takes
 * its place, and one for transfer and engine, as who needs longer falls behind.
 */
export const DEADLINE_PERIODS = 2;

/** The deadline of frames that come this long after each other, in ms after they are due. */
export function deadlineOf(periodMs: number): number {
  return DEADLINE_PERIODS * periodMs;
}

/** What one stream came to. released = results + dropped. */
export type StreamReport = {
  readonly released: number;
  readonly dropped: number;
  /** From a frame being due to its result being usable, in ms, per result. */
  readonly agesMs: readonly number[];
  /** Transfer and engine of each result, in ms: what a frame takes that need not wait. */
  readonly servicesMs: readonly number[];
  /** Rate of the frames, in frames per second; null with fewer than two. */
  readonly fps: number | null;
  /** From one frame to the next, in ms; with fewer than two, the duration that the source gives the frame. */
  readonly periodMs: number;
  /** What the next stream through the same engine begins with. */
  readonly nextTimestampMs: number;
};

/** Collects what happens in one stream. */
export type StreamLog = {
  addFrame(frame: RepeatedFrame): void;
  addResult(sample: FrameSample): void;
  addDrop(): void;
  /** Rejects with a MeasurementsLostError. */
  report(): Promise<StreamReport>;
};

/** An empty log. `rate` is how often the source's own rate frames come at. */
export function createStreamLog(firstTimestampMs: number, rate: number): StreamLog {
  const agesMs = createNumberLog();
  const servicesMs = createNumberLog();
  let released = 0;
  let dropped = 0;
  let lastTimestampMs = 0;
  let lastDurationMs = 0;
  return {
    addFrame({ timestampMs, durationMs }) {
      released += 1;
      lastTimestampMs = timestampMs;
      lastDurationMs = durationMs;
    },
    addResult({ endToEndMs, transferMs, engineMs }) {
      agesMs.add(endToEndMs);
      servicesMs.add(transferMs + engineMs);
    },
    addDrop() {
      dropped += 1;
    },
    async report() {
      const hasRate = released > 1 && lastTimestampMs > 0;
      const periodMs = (hasRate ? lastTimestampMs / (released - 1) : lastDurationMs) / rate;
      return {
        released,
        dropped,
        agesMs: await allOf(agesMs),
        servicesMs: await allOf(servicesMs),
        fps: hasRate ? MS_PER_SECOND / periodMs : null,
        periodMs,
        nextTimestampMs:
          firstTimestampMs + lastTimestampMs + Math.max(LEAST_FRAME_MS, lastDurationMs),
      };
    },
  };
}

async function allOf(log: NumberLog): Promise<number[]> {
  const { numbers, loss } = await log.read();
  if (loss) throw loss;
  return [...numbers];
}

/** Results that came after the deadline. */
export function countLate({ agesMs }: StreamReport, deadlineMs: number): number {
  return agesMs.filter((ageMs) => ageMs > deadlineMs).length;
}

/** The share of a stream's frames that were dropped or late, in [0, 1]; null when there were none. */
export function missedShare(report: StreamReport, deadlineMs: number): number | null {
  const { released, dropped } = report;
  return released === 0 ? null : (dropped + countLate(report, deadlineMs)) / released;
}

/** How many deadlines a trial may miss. */
export type MissBudget = { readonly spend: () => void; readonly isSpent: () => boolean };

/** The budget of this many frames: spent when more than 1 % of them were missed. */
export function createMissBudget(frames: number): MissBudget {
  let misses = 0;
  return {
    spend: () => {
      misses += 1;
    },
    isSpent: () => misses > MAX_MISSED_DEADLINES * frames,
  };
}
