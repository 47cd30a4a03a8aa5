// When a run is invalid: DESIGN's rules of measuring as conditions. docs/methodology.md lists them with
// their sources and the tests that provoke each.
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import { isDrifting } from '../metrics/drift.ts';
import type { PoseParity } from '../metrics/pose-parity.ts';
import { MAX_CLOCK_RESOLUTION_MS } from './clock-resolution.ts';
import type { HostEnvironment } from './environment.ts';
import { isBusy } from './resources.ts';
import type { PressureState } from './resources.ts';
import type { RunPlan } from './run-plan.ts';
import type { FrameSample } from './run-result.ts';
import type { RunAccuracy } from './accuracy.ts';
import type { SteadyStateSummary } from './steady-summary.ts';
import type { SourceInfo } from '../video/frame-source.ts';
import type { VerdictReason } from './verdict.ts';

/**
 * Mean OKS of those who were found below which poses are wrong rather than inaccurate: the weakest working model of the catalogue
 * has twice as much on the actor, and a result that is turned, mirrored or shifted by a person's width less.
 */
export const MIN_MEAN_OKS = 0.2;

/** Mean OKS of two backends on the same frames: half precision leaves 0.98 and more, a swapped axis nothing. */
export const MIN_PARITY_OKS = 0.95;

/** All that a verdict is made of. */
export type Evidence = {
  readonly plan: RunPlan;
  readonly host: HostEnvironment;
  readonly source: SourceInfo;
  readonly backendUsed: string;
  readonly samples: readonly FrameSample[];
  readonly isFinished: boolean;
  /** Frames of each stream that were dropped: for being late in live scenarios, or lost with an engine. */
  readonly droppedFrames: readonly number[];
  readonly wallTimeMs: number;
  readonly steadyState: SteadyStateSummary | null;
  readonly isSustained: boolean;
  readonly accuracy: RunAccuracy | null;
  readonly parity: PoseParity | null;
  readonly pressureBefore: PressureState | null;
  readonly wasHidden: boolean;
  /** Engines that were lost and replaced in the measured part. */
  readonly measuredRestarts: number;
  /** Why a run is invalid that did not finish, or of which samples were lost. */
  readonly endReasons: readonly VerdictReason[];
};

/** Every reason that holds. */
export function findReasons(evidence: Evidence): ReadonlySet<VerdictReason> {
  const holds = Object.entries(conditions).filter(([, isMet]) => isMet(evidence));
  const reasons = holds.map(([reason]) => reason as VerdictReason);
  return new Set([...reasons, ...evidence.endReasons]);
}

const conditions: Readonly<Partial<Record<VerdictReason, (evidence: Evidence) => boolean>>> = {
  'too-few-samples': ({ samples }) => samples.length < minSamplesForPercentile(0.9),
  'too-short': ({ plan, wallTimeMs, isFinished }) => isFinished && wallTimeMs < plan.minDurationMs,
  // Too few frames are reason enough, and pictures need not be alike.
  unsteady: ({ samples, source, steadyState }) =>
    steadyState === null &&
    source.kind !== 'images' &&
    samples.filter(({ stream }) => stream === 0).length >= minSamplesForPercentile(0.9),
  // A sustained run is made to see it.
  'latency-drift': ({ steadyState, source, isSustained }) =>
    !isSustained &&
    source.kind !== 'images' &&
    steadyState !== null &&
    steadyState.drift !== null &&
    isDrifting(steadyState.drift),
  'device-busy': ({ pressureBefore }) => pressureBefore !== null && isBusy(pressureBefore),
  'coarse-clock': ({ host }) => host.clockResolutionMs > MAX_CLOCK_RESOLUTION_MS,
  'tab-hidden': ({ wasHidden }) => wasHidden,
  'frames-lost': (evidence) => evidence.isFinished && countLostFrames(evidence) > 0,
  'source-truncated': ({ source }) => source.truncated,
  'source-changed': ({ plan, source }) =>
    plan.expectedDigest !== null && plan.expectedDigest !== source.framesDigest,
  'backend-fallback': ({ plan, backendUsed }) => backendUsed !== plan.backend,
  'software-adapter': ({ host }) => host.adapter?.software === true,
  'parity-failed': ({ parity }) => parity !== null && parity.meanOks < MIN_PARITY_OKS,
  'engine-restarted': ({ measuredRestarts }) => measuredRestarts > 0,
  'wrong-poses': ({ accuracy }) => (accuracy?.meanOksOfFound ?? 1) < MIN_MEAN_OKS,
};

/** Frames of the source that were neither processed nor dropped. */
function countLostFrames({ plan, samples, source, droppedFrames }: Evidence): number {
  const frames = samples.filter(({ stream }) => stream === 0);
  const seen = new Set(frames.map(({ pass, index }) => `${pass}/${index}`));
  const last = frames.at(-1);
  const perPass = source.deliverableFrames;
  if (perPass === null) return 0;
  // A run that ends with time ends anywhere; others end with the source.
  const expected =
    plan.settings.durationMs === null ? perPass : last ? last.pass * perPass + last.index + 1 : 0;
  return expected - seen.size - (droppedFrames[0] ?? 0);
}
