// What is shown of a run while it goes on: figures over the last second, and how long it will take.
import type { FrameSample } from '../../benchmark/run-result.ts';
import { quantile, sortedSamples } from '../../metrics/quantile.ts';

/** Figures must be readable: a few times a second is as fast as one reads. */
const READOUT_INTERVAL_MS = 200;
/** Span of the run that the figures describe. */
const RECENT_MS = 1000;
const MS_PER_SECOND = 1000;

/** A reading. Null is what is not known yet. */
export type Readout = {
  /** Frames of all streams. */
  readonly processed: number;
  /** Null where time ends the run, or several streams do. */
  readonly planned: number | null;
  readonly dropped: number;
  /** In [0, 1]. */
  readonly share: number;
  readonly fps: number | null;
  /** Median end-to-end latency. */
  readonly latencyMs: number | null;
  readonly timeLeftMs: number | null;
};

/** What a run means to do: it ends with its frames or with its time. */
export type PlannedLength = {
  readonly frames: number | null;
  readonly durationMs: number | null;
};

/** Collects samples. */
export type LiveReadout = {
  add(sample: FrameSample): void;
  /** Counts a frame that was dropped, for being late or lost with its engine. */
  drop(): void;
  /** A reading of the last second, or null when the last one was given just before. */
  read(): Readout | null;
};

/** A readout for a run of this length. */
export function createLiveReadout({ frames, durationMs }: PlannedLength): LiveReadout {
  let recent: Pick<FrameSample, 'index' | 'doneMs' | 'endToEndMs'>[] = [];
  let shownAtMs = -Infinity;
  let processed = 0;
  let dropped = 0;

  function shareOf({ index, doneMs }: (typeof recent)[number]): number {
    if (durationMs !== null) return Math.min(1, doneMs / durationMs);
    return frames ? (index + 1) / frames : 0;
  }

  function lastSecond(nowMs: number): typeof recent {
    return recent.filter(({ doneMs }) => doneMs > nowMs - RECENT_MS);
  }

  return {
    add({ index, doneMs, endToEndMs }) {
      // Also when nobody reads, as of a page in the background: a run may go on for an hour.
      if (doneMs - (recent[0]?.doneMs ?? doneMs) > 2 * RECENT_MS) recent = lastSecond(doneMs);
      recent.push({ index, doneMs, endToEndMs });
      processed += 1;
    },
    drop() {
      dropped += 1;
    },
    read() {
      const sample = recent.at(-1);
      if (!sample || sample.doneMs - shownAtMs < READOUT_INTERVAL_MS) return null;
      shownAtMs = sample.doneMs;
      recent = lastSecond(sample.doneMs);
      const spanMs = Math.min(RECENT_MS, sample.doneMs);
      const share = shareOf(sample);
      return {
        processed,
        planned: durationMs === null ? frames : null,
        dropped,
        share,
        fps: spanMs > 0 ? (recent.length * MS_PER_SECOND) / spanMs : null,
        latencyMs: quantile(sortedSamples(recent.map(({ endToEndMs }) => endToEndMs)), 0.5),
        timeLeftMs: share > 0 ? (sample.doneMs / share) * (1 - share) : null,
      };
    },
  };
}
