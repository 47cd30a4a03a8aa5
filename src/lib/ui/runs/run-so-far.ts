// What can be said of a run without an end, whether it goes on or was interrupted, from the windows that have arrived of it.
import type { FrameCounts, StageSummaries } from '../../benchmark/run-result.ts';
import { timings } from '../../benchmark/timings.ts';
import type { Timing } from '../../benchmark/timings.ts';
import type { RunWindow } from '../../events/metric-event.ts';
import { summariseLatencies } from '../../metrics/distribution.ts';
import type { LatencySummary } from '../../metrics/distribution.ts';
import { minSamplesForPercentile } from '../../metrics/early-stopping.ts';
import { mergeSketches, sketchQuantile } from '../../metrics/latency-sketch.ts';
import type { LatencySketch } from '../../metrics/latency-sketch.ts';
import type { RunFigures } from './run-view.ts';

const MS_PER_SECOND = 1000;
const HIDDEN_STAGE = 'The engine is a closed pipeline; only the sum of its stages is known.';

/** The figures of the frames in these windows. What only the end of a run tells is null. */
export function figuresSoFar(windows: readonly RunWindow[]): RunFigures {
  const frames = framesOf(windows);
  const { processed, detected } = frames;
  const wallTimeMs = sumOf(windows, (window) => window.wallDurationMs);
  return {
    frames,
    wallTimeMs: windows.length > 0 ? wallTimeMs : null,
    effectiveFps: wallTimeMs > 0 ? (processed * MS_PER_SECOND) / wallTimeMs : null,
    detectionRate: processed > 0 ? detected / processed : null,
    meanVisibility: null,
    jitter: null,
    loadMs: null,
    firstInferenceMs: null,
  };
}

/** Latencies per stage: end to end from the raw values, the stages within their sketches' error. */
export function stagesSoFar(windows: readonly RunWindow[]): StageSummaries {
  const endToEnd = summariseLatencies(windows.flatMap((window) => window.latencyMs.endToEnd));
  const stages = Object.fromEntries(
    timings.map((timing) => [timing, summariseSketches(windows, timing)]),
  ) as Record<Timing, LatencySummary | null>;
  return { ...stages, endToEnd };
}

/** Why figures are not known yet, under their dotted paths as in a finished run's `nullReasons`. */
export function nullReasonsSoFar(
  processedFrames: number,
  stages: StageSummaries,
): Readonly<Record<string, string>> {
  const reasons: Record<string, string> = {};
  if (processedFrames === 0) return reasons;
  for (const timing of timings) {
    if (stages[timing] === null) reasons[`latencyMs.${timing}`] = HIDDEN_STAGE;
  }
  for (const percentile of [90, 95, 99]) {
    const needed = minSamplesForPercentile(percentile / 100);
    if (processedFrames < needed) {
      reasons[`latencyMs.*.p${percentile}`] =
        `A p${percentile} needs ${needed} samples (MLPerf early stopping); there are ${processedFrames}.`;
    }
  }
  return reasons;
}

function summariseSketches(windows: readonly RunWindow[], timing: Timing): LatencySummary | null {
  // Windows from before frames could wait have no sketch of it.
  const sketches = windows
    .map(({ sketches }) => sketches[timing] ?? null)
    .filter((it) => it !== null);
  const merged = mergeSketches(sketches);
  if (!merged) return null;
  return {
    count: merged.count,
    mean: merged.sumMs / merged.count,
    min: merged.minMs,
    max: merged.maxMs,
    p50: sketchQuantile(merged, 0.5),
    p90: reportablePercentile(merged, 0.9),
    p95: reportablePercentile(merged, 0.95),
    p99: reportablePercentile(merged, 0.99),
  };
}

function reportablePercentile(sketch: LatencySketch, p: number): number | null {
  return sketch.count < minSamplesForPercentile(p) ? null : sketchQuantile(sketch, p);
}

function framesOf(windows: readonly RunWindow[]): FrameCounts {
  return {
    decoded: sumOf(windows, ({ frames }) => frames.decoded),
    processed: sumOf(windows, ({ frames }) => frames.processed),
    dropped: sumOf(windows, ({ frames }) => frames.dropped),
    detected: sumOf(windows, ({ frames }) => frames.detected),
  };
}

function sumOf(windows: readonly RunWindow[], read: (window: RunWindow) => number): number {
  return windows.reduce((sum, window) => sum + read(window), 0);
}
