// Derives a run's summary from its samples. Pure: the same samples always give the same summary.
import { summariseConfidences, summariseLatencies } from '../metrics/distribution.ts';
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import type { Environment } from './environment.ts';
import {
  confidencesOf,
  detectionRateOf,
  isDetected,
  meanVisibilityOf,
  personJitterOf,
} from './quality.ts';
import type { RunPlan } from './run-plan.ts';
import type {
  CocoAccuracy,
  FrameSample,
  RunOutcome,
  RunSummary,
  SourceSummary,
  StageSummaries,
} from './run-result.ts';
import { durationsOf, perTiming, timings } from './timings.ts';
import type { Verdict } from './verdict.ts';
import { countFrames } from './window-accumulator.ts';

const MS_PER_SECOND = 1000;

/** What a summary needs besides the samples. */
export type SummaryContext = {
  readonly plan: RunPlan;
  readonly startedAt: string;
  readonly outcome: RunOutcome;
  readonly failure: string | null;
  readonly source: SourceSummary;
  readonly backendUsed: string | null;
  readonly loadMs: number;
  readonly accuracy: CocoAccuracy | null;
  readonly verdict: Verdict;
  readonly environment: Environment;
};

/** The summary of a run's samples. What is not known is null, with its reason in `nullReasons`. */
export function summarise(samples: readonly FrameSample[], context: SummaryContext): RunSummary {
  const { plan, startedAt, outcome, failure, source, backendUsed, loadMs } = context;
  const { accuracy, verdict, environment } = context;
  const { engine, model, backend } = plan;
  const wallTimeMs = samples.at(-1)?.doneMs ?? 0;
  const latencyMs = perTiming(samples, summariseLatencies);
  const followEachOther = source.kind !== 'images';
  const jitter = followEachOther ? personJitterOf(samples) : null;
  return {
    runId: plan.runId,
    startedAt,
    outcome,
    failure,
    target: plan.target,
    engine,
    model,
    backend,
    backendUsed,
    options: plan.options,
    scenario: plan.scenario,
    source,
    frames: countFrames(samples),
    wallTimeMs,
    effectiveFps: wallTimeMs > 0 ? (samples.length * MS_PER_SECOND) / wallTimeMs : null,
    latencyMs,
    loadMs,
    firstInferenceMs: durationsOf(samples, 'engine')[0] ?? null,
    cpuUtilization: null,
    peakMemoryBytes: null,
    memoryDeltaBytes: null,
    quality: {
      detectionRate: detectionRateOf(samples),
      meanVisibility: meanVisibilityOf(samples),
      confidence: summariseConfidences(confidencesOf(samples)),
      jitter,
    },
    accuracy,
    verdict,
    environment,
    nullReasons: {
      ...notYetMeasured,
      ...(accuracy ? {} : { accuracy: NO_GROUND_TRUTH }),
      ...(jitter === null && {
        'quality.jitter': followEachOther ? NO_ONE_PERSON : UNRELATED_PICTURES,
      }),
      ...nullReasonsOf(samples, latencyMs),
    },
  };
}

/** Figures of the schema that this version does not compute. */
const notYetMeasured: Readonly<Record<string, string>> = {
  cpuUtilization: 'A page cannot read CPU time; measuring it from outside is not built yet.',
  peakMemoryBytes: 'Memory is not sampled yet.',
  memoryDeltaBytes: 'Memory is not sampled yet.',
};

function nullReasonsOf(
  samples: readonly FrameSample[],
  latencyMs: StageSummaries,
): Record<string, string> {
  const frames = samples.length;
  if (frames === 0) return Object.fromEntries(needFrames.map((path) => [path, NO_FRAMES]));

  const reasons: Record<string, string> = {};
  for (const timing of timings) {
    if (!latencyMs[timing]) reasons[`latencyMs.${timing}`] = CLOSED_PIPELINE;
  }
  for (const percentile of [90, 95, 99]) {
    const needed = minSamplesForPercentile(percentile / 100);
    if (frames >= needed) continue;
    reasons[`latencyMs.*.p${percentile}`] =
      `A p${percentile} needs ${needed} samples (MLPerf early stopping); there are ${frames}.`;
  }
  if (!samples.some(isDetected)) {
    for (const path of needPeople) reasons[path] = 'Nobody was found in any frame.';
  }
  return reasons;
}

const NO_GROUND_TRUTH =
  'There is no ground truth to compare the poses with, or the run did not finish.';
const NO_ONE_PERSON = 'Jitter needs three frames in a row with exactly one person in each.';
const UNRELATED_PICTURES =
  'Pictures do not follow each other, so nothing moves from one to the next.';
const NO_FRAMES = 'No frame was processed.';
const CLOSED_PIPELINE =
  'The engine is a closed pipeline: how its time divides into stages is not known.';

/** Figures about the people found. */
const needPeople = ['quality.meanVisibility', 'quality.confidence'];

/** Figures that need at least one frame. */
const needFrames = [
  'effectiveFps',
  'firstInferenceMs',
  'quality.detectionRate',
  ...needPeople,
  ...timings.map((timing) => `latencyMs.${timing}`),
];
