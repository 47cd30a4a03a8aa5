// Derives a run's summary from its samples. Pure: the same samples always give the same summary.
import { summariseConfidences, summariseLatencies } from '../metrics/distribution.ts';
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import type { Environment } from './environment.ts';
import { confidencesOf, detectionRateOf, meanVisibilityOf } from './quality.ts';
import type { RunPlan } from './run-plan.ts';
import type {
  FrameSample,
  RunOutcome,
  RunSummary,
  SourceSummary,
  StageSummaries,
} from './run-result.ts';
import { durationsOf, perTiming } from './timings.ts';
import type { Verdict } from './verdict.ts';
import { countFrames } from './window-accumulator.ts';

const MS_PER_SECOND = 1000;

/** What a summary needs besides the samples. */
export type SummaryContext = {
  readonly plan: RunPlan;
  readonly startedAt: string;
  readonly outcome: RunOutcome;
  readonly source: SourceSummary;
  readonly backendUsed: string | null;
  readonly loadMs: number;
  readonly verdict: Verdict;
  readonly environment: Environment;
};

/** The summary of a run's samples. What is not known is null, with its reason in `nullReasons`. */
export function summarise(samples: readonly FrameSample[], context: SummaryContext): RunSummary {
  const { plan, startedAt, outcome, source, backendUsed, loadMs, verdict, environment } = context;
  const { engine, model, backend } = plan;
  const wallTimeMs = samples.at(-1)?.doneMs ?? 0;
  const latencyMs = perTiming(samples, summariseLatencies);
  return {
    runId: plan.runId,
    startedAt,
    outcome,
    target: plan.target,
    engine,
    model,
    backend,
    backendUsed,
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
      jitter: null,
    },
    accuracy: null,
    verdict,
    environment,
    nullReasons: { ...notYetMeasured, ...nullReasonsOf(samples.length, latencyMs) },
  };
}

/** Figures of the schema that this version does not compute. */
const notYetMeasured: Readonly<Record<string, string>> = {
  cpuUtilization: 'A page cannot read CPU time; measuring it from outside is not built yet.',
  peakMemoryBytes: 'Memory is not sampled yet.',
  memoryDeltaBytes: 'Memory is not sampled yet.',
  'quality.jitter': 'Jitter is not computed yet.',
  accuracy: 'Accuracy against ground truth is not computed yet.',
};

function nullReasonsOf(frames: number, latencyMs: StageSummaries): Record<string, string> {
  const reasons: Record<string, string> = {};
  if (frames === 0) {
    const none = 'No frame was processed.';
    for (const path of ['effectiveFps', 'firstInferenceMs', 'quality.detectionRate']) {
      reasons[path] = none;
    }
    reasons['latencyMs.endToEnd'] = none;
  } else {
    for (const stage of ['preprocess', 'inference', 'postprocess'] as const) {
      if (latencyMs[stage]) continue;
      reasons[`latencyMs.${stage}`] =
        'The engine is a closed pipeline; only the sum of its stages is known (latencyMs.engine).';
    }
  }
  for (const percentile of [90, 95, 99]) {
    const needed = minSamplesForPercentile(percentile / 100);
    if (frames > 0 && frames < needed) {
      reasons[`latencyMs.*.p${percentile}`] =
        `A p${percentile} needs ${needed} samples (MLPerf early stopping); there are ${frames}.`;
    }
  }
  return reasons;
}
