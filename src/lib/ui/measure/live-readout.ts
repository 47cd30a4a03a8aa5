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
  readonly processed: number;
  readonly planned: number;
  readonly fps: number | null;
  /** Median end-to-end latency. */
  readonly latencyMs: number | null;
  readonly timeLeftMs: number | null;
};

/** Collects samples. */
export type LiveReadout = {
  add(sample: FrameSample): void;
  /** A reading of the last second, or null when the last one was given just before. */
  read(): Readout | null;
};

/** A readout for a run of `planned` frames. */
export function createLiveReadout(planned: number): LiveReadout {
  let recent: FrameSample[] = [];
  let shownAtMs = -Infinity;
  return {
    add(sample) {
      recent.push(sample);
    },
    read() {
      const sample = recent.at(-1);
      if (!sample || sample.doneMs - shownAtMs < READOUT_INTERVAL_MS) return null;
      shownAtMs = sample.doneMs;
      recent = recent.filter(({ doneMs }) => doneMs > sample.doneMs - RECENT_MS);
      const processed = sample.index + 1;
      const spanMs = Math.min(RECENT_MS, sample.doneMs);
      const fps = spanMs > 0 ? (recent.length * MS_PER_SECOND) / spanMs : null;
      return {
        processed,
        planned,
        fps,
        latencyMs: quantile(sortedSamples(recent.map(({ endToEndMs }) => endToEndMs)), 0.5),
        timeLeftMs: fps ? ((planned - processed) / fps) * MS_PER_SECOND : null,
      };
    },
  };
}
