// When each frame of a run was done, worked out from its windows. Draws nothing.
import { sortedSamples } from '../../metrics/quantile.ts';
import { latencyCeilingMs } from './latency-ceiling.ts';

/** What a chart needs of one window: its place in the run, and its frames' latencies in order. */
export type LatencyWindow = {
  readonly index: number;
  readonly startMs: number;
  readonly wallDurationMs: number;
  readonly latenciesMs: readonly number[];
};

/** A stretch of the run, in seconds from its start. */
export type Span = { readonly fromS: number; readonly toS: number };

/** One point per frame, in the order of time. */
export type LatencySeries = {
  /** Seconds from the run's start to the frame being done. */
  readonly timesS: readonly number[];
  readonly latenciesMs: readonly number[];
  /** Where one window ends and the next begins. */
  readonly boundariesS: readonly number[];
  /** Windows that have not arrived. */
  readonly missing: readonly Span[];
  readonly endS: number;
  readonly slowestMs: number;
  /** Where the scale ends; frames above it are shown at the edge. */
  readonly ceilingMs: number;
};

const MS_PER_SECOND = 1000;

/**
 * The latencies over time, from windows in the order of their index. In `single-stream` one frame
 * follows another, so a frame is done when the latencies up to it have passed. Between two frames the
 * page also draws and stores, which belongs to no frame; so the window's sums are stretched to its wall
 * duration, and its last frame ends where the next window starts. In other scenarios frames overlap or
 * wait for the source: `inTurn` is false, and a window's frames are spread evenly over it.
 */
export function latencySeries(windows: readonly LatencyWindow[], inTurn: boolean): LatencySeries {
  const timesS: number[] = [];
  const latenciesMs: number[] = [];
  const boundariesS: number[] = [];
  const missing: Span[] = [];
  let expectedIndex = 0;
  let endS = 0;
  for (const window of windows) {
    const startS = window.startMs / MS_PER_SECOND;
    if (window.index > expectedIndex) missing.push({ fromS: endS, toS: startS });
    if (window.index > 0) boundariesS.push(startS);
    for (const timeS of inTurn ? completionTimesS(window) : spreadTimesS(window))
      timesS.push(timeS);
    latenciesMs.push(...window.latenciesMs);
    expectedIndex = window.index + 1;
    endS = (window.startMs + window.wallDurationMs) / MS_PER_SECOND;
  }
  const sorted = sortedSamples(latenciesMs);
  const slowestMs = sorted.at(-1) ?? 0;
  const ceilingMs = latencyCeilingMs(sorted);
  return { timesS, latenciesMs, boundariesS, missing, endS, slowestMs, ceilingMs };
}

function completionTimesS({ startMs, wallDurationMs, latenciesMs }: LatencyWindow): number[] {
  const sumMs = latenciesMs.reduce((sum, latencyMs) => sum + latencyMs, 0);
  const stretch = sumMs > 0 ? wallDurationMs / sumMs : 0;
  let elapsedMs = 0;
  return latenciesMs.map((latencyMs) => {
    elapsedMs += latencyMs;
    return (startMs + elapsedMs * stretch) / MS_PER_SECOND;
  });
}

function spreadTimesS({ startMs, wallDurationMs, latenciesMs }: LatencyWindow): number[] {
  const stepMs = wallDurationMs / latenciesMs.length;
  return latenciesMs.map((_, index) => (startMs + (index + 1) * stepMs) / MS_PER_SECOND);
}
