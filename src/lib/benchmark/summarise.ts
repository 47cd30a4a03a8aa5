// Derives a run's summary from its samples. Pure: the same samples always give the same summary.
import type { EngineLoadReport } from '../engines/pose-engine.ts';
import { summariseConfidences, summariseLatencies } from '../metrics/distribution.ts';
import type { PoseParity } from '../metrics/pose-parity.ts';
import type { SourceInfo } from '../video/frame-source.ts';
import type { HostEnvironment } from './environment.ts';
import { findReasons } from './find-reasons.ts';
import { nullReasonsOf } from './null-reasons.ts';
import {
  confidencesOf,
  detectionRateOf,
  meanVisibilityOf,
  personIdentityOf,
  personJitterOf,
} from './quality.ts';
import type { ResourceReading, ResourceSummary } from './resources.ts';
import type { RunEnd, RunStart } from './run-benchmark.ts';
import type { RunPlan, ScenarioId } from './run-plan.ts';
import type { FrameCounts, FrameSample, RunSummary } from './run-result.ts';
import { steadyStateOf } from './steady-state-of-run.ts';
import { MIN_SUSTAINED_MS, sustainedOf } from './sustained-of-run.ts';
import { durationsOf, perTiming } from './timings.ts';
import { verdictOf } from './verdict.ts';

/** Raised whenever a figure's definition changes: results of different suites do not compare. */
export const SUITE_VERSION = 2;

const MS_PER_SECOND = 1000;

/** What a summary is made of. */
export type SummaryInput = RunEnd & {
  readonly plan: RunPlan;
  readonly host: HostEnvironment;
  readonly start: RunStart;
  readonly info: SourceInfo;
  readonly loaded: EngineLoadReport;
  readonly reading: ResourceReading;
  readonly parity: PoseParity | null;
  /** Why there is no parity, where that is not plain. */
  readonly problem: string | null;
  readonly wasHidden: boolean;
  readonly engineRestarts: number;
};

/** The summary of a run. What is not known is null, with its reason in `nullReasons`. */
export function summarise(input: SummaryInput): RunSummary {
  const { plan, start, loaded, samples, reading, accuracy, parity, outcome, failure } = input;
  const { frames, wallTimeMs } = input;
  const { startedAt, source, environment } = start;
  const { runId, target, engine, model, backend, options, scenario } = plan;
  const { cpuUtilization, peakMemoryBytes, memoryDeltaBytes } = reading;
  const steadyState = steadyStateOf(samples, plan.seed);
  const sustained = sustainedOf(samples);
  const figures = {
    runId,
    startedAt,
    outcome,
    failure,
    target,
    engine,
    model,
    backend,
    backendUsed: loaded.backendUsed,
    options,
    scenario,
    recipe: start.recipe,
    suiteVersion: SUITE_VERSION,
    source,
    frames,
    engineRestarts: input.engineRestarts,
    wallTimeMs,
    effectiveFps: wallTimeMs > 0 ? (frames.processed * MS_PER_SECOND) / wallTimeMs : null,
    latencyMs: perTiming(samples, summariseLatencies),
    loadMs: loaded.loadMs,
    firstInferenceMs: isLive(scenario)
      ? input.report.firstInferenceMs
      : (durationsOf(samples, 'engine')[0] ?? null),
    steadyState,
    live: input.report.live,
    streams: input.report.streams,
    sustained,
    cpuUtilization,
    peakMemoryBytes,
    memoryDeltaBytes,
    resources: resourcesOf(reading),
    quality: qualityOf(samples, frames, source.kind !== 'images'),
    accuracy,
    parity,
    environment,
  };
  const reasons = findReasons({
    ...input,
    source: input.info,
    backendUsed: loaded.backendUsed,
    isFinished: outcome === 'finished',
    steadyState,
    isSustained: (plan.settings.durationMs ?? 0) >= MIN_SUSTAINED_MS,
    pressureBefore: reading.pressureBefore,
  });
  return {
    ...figures,
    verdict: verdictOf(reasons),
    nullReasons: { ...reading.nullReasons, ...nullReasonsOf(figures, input.problem) },
  };
}

/** What is told of the reading apart from its three main figures. */
function resourcesOf(reading: ResourceReading): ResourceSummary {
  const { cpuMethod, memoryMethod, cpuSeconds, machineUtilization, wasmHeapBytes } = reading;
  const { pressureBefore, pressureDuring } = reading;
  return {
    cpuMethod,
    memoryMethod,
    cpuSeconds,
    machineUtilization,
    wasmHeapBytes,
    pressureBefore,
    pressureDuring,
  };
}

/** Engines of live streams are warm before the first sample. */
function isLive(scenario: ScenarioId): boolean {
  return scenario === 'live' || scenario === 'multi-stream';
}

/** `followEachOther`: whether the frames are of one film, so that somebody can be followed. */
function qualityOf(
  samples: readonly FrameSample[],
  frames: FrameCounts,
  followEachOther: boolean,
): RunSummary['quality'] {
  return {
    detectionRate: detectionRateOf(frames),
    meanVisibility: meanVisibilityOf(samples),
    confidence: summariseConfidences(confidencesOf(samples)),
    jitter: followEachOther ? personJitterOf(samples) : null,
    identityKept: followEachOther ? personIdentityOf(samples) : null,
  };
}
