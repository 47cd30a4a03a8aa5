// What the page of one run shows, whether the run is going on, ended or broke off. Made on the server,
// so that a page is sent the figures and the raw latencies, but not the sketches.
import type { Environment } from '../../benchmark/environment.ts';
import type { RunRecipe, ScenarioId } from '../../benchmark/run-plan.ts';
import type { FrameCounts, SourceSummary, StageSummaries } from '../../benchmark/run-result.ts';
import type { EngineOptions } from '../../engines/pose-engine.ts';
import type { Verdict } from '../../benchmark/verdict.ts';
import type { RunSummaryData, RunWindow } from '../../events/metric-event.ts';
import type { LatencyWindow } from '../charts/latency-series.ts';
import { findingsOf } from './run-findings.ts';
import type { RunFindings } from './run-findings.ts';
import type { RunRecord, RunStatus } from './run-record.ts';
import { figuresSoFar, nullReasonsSoFar, stagesSoFar } from './run-so-far.ts';

/** The figures that are also known of a run that goes on. Shares are in [0, 1]. */
export type RunFigures = {
  readonly frames: FrameCounts;
  readonly wallTimeMs: number | null;
  readonly effectiveFps: number | null;
  readonly detectionRate: number | null;
  readonly meanVisibility: number | null;
  /** In torso lengths. */
  readonly jitter: number | null;
  readonly loadMs: number | null;
  readonly firstInferenceMs: number | null;
};

/** One run as it is known now. What is null has not arrived, or is not known: see `reasonFor`. */
export type RunView = {
  readonly runId: string;
  readonly deviceId: string;
  readonly status: RunStatus;
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly target: string | null;
  readonly backendUsed: string | null;
  readonly scenario: ScenarioId | null;
  /** What to ask for to run it again; null also for runs from before it was noted. */
  readonly recipe: RunRecipe | null;
  readonly source: SourceSummary | null;
  readonly plannedFrames: number | null;
  /** How the engine ran the model; null also for runs from before it was noted. */
  readonly options: EngineOptions | null;
  readonly environment: Environment | null;
  readonly verdict: Verdict | null;
  /** What stopped a failed run, as a sentence. */
  readonly failure: string | null;
  /** ISO 8601: when its device found that an interrupted run's tab was gone; null of all others. */
  readonly interruptedAt: string | null;
  readonly figures: RunFigures;
  /** What only its end tells of a run; null until then. */
  readonly findings: RunFindings | null;
  readonly stages: StageSummaries;
  readonly nullReasons: Readonly<Record<string, string>>;
  readonly windows: readonly LatencyWindow[];
};

const NOT_REPORTED = 'The run did not report it.';
/** What to say of what neither a figure nor a reason has come of. */
const unreported: Readonly<Record<RunStatus, string>> = {
  running: 'Known when the run has finished.',
  interrupted: 'Only the end of the run would have told it.',
  finished: NOT_REPORTED,
  cancelled: NOT_REPORTED,
  failed: NOT_REPORTED,
};
/** 1 µs, finer than any browser's clock: the digits beyond it are noise. */
const STEPS_PER_MS = 1000;

/** The view of a run from everything that has arrived of it. */
export function viewRun(record: RunRecord): RunView {
  const { runId, deviceId, status, started, finished, interrupted, windows } = record;
  const first = finished ?? started;
  return {
    runId,
    deviceId,
    status,
    startedAt: first?.startedAt ?? null,
    target: first?.target ?? null,
    backendUsed: finished?.backendUsed ?? null,
    scenario: first?.scenario ?? null,
    recipe: first?.recipe ?? null,
    source: first?.source ?? null,
    plannedFrames: started?.plannedFrames ?? null,
    options: first?.options ?? null,
    environment: first?.environment ?? null,
    verdict: finished?.verdict ?? null,
    failure: finished?.failure ?? null,
    interruptedAt: status === 'interrupted' ? (interrupted?.noticedAt ?? null) : null,
    findings: finished && findingsOf(finished),
    ...(finished ? finalNumbers(finished) : numbersSoFar(windows)),
    windows: windows.map(readLatencies),
  };
}

/** Why the figure under a dotted path of the run's summary is not known; a whole sentence. */
export function reasonFor({ nullReasons, status }: RunView, path: string): string {
  const [group, stage, figure] = path.split('.');
  return (
    nullReasons[path] ??
    nullReasons[`${group}.*.${figure}`] ??
    nullReasons[`${group}.${stage}`] ??
    nullReasons[`${group}`] ??
    unreported[status]
  );
}

type Numbers = Pick<RunView, 'figures' | 'stages' | 'nullReasons'>;

function finalNumbers(finished: RunSummaryData): Numbers {
  const { frames, wallTimeMs, effectiveFps, quality, loadMs, firstInferenceMs } = finished;
  const { detectionRate, meanVisibility, jitter } = quality;
  return {
    figures: {
      frames,
      wallTimeMs,
      effectiveFps,
      detectionRate,
      meanVisibility,
      jitter: jitter ?? null,
      loadMs,
      firstInferenceMs,
    },
    // Runs from before frames could wait have no such stage.
    stages: { ...finished.latencyMs, queue: finished.latencyMs.queue ?? null },
    nullReasons: finished.nullReasons,
  };
}

function numbersSoFar(windows: readonly RunWindow[]): Numbers {
  const figures = figuresSoFar(windows);
  const stages = stagesSoFar(windows);
  return { figures, stages, nullReasons: nullReasonsSoFar(figures.frames.processed, stages) };
}

function readLatencies({ index, startMs, wallDurationMs, latencyMs }: RunWindow): LatencyWindow {
  const latenciesMs = latencyMs.endToEnd.map(
    (value) => Math.round(value * STEPS_PER_MS) / STEPS_PER_MS,
  );
  return { index, startMs, wallDurationMs, latenciesMs };
}
