// What the dashboard reads of runs: the same shapes as the server's store answers with, by structure.
import type { RunOutcome } from '../../benchmark/run-result.ts';
import type {
  RunInterrupted,
  RunStarted,
  RunSummaryData,
  RunWindow,
} from '../../events/metric-event.ts';

/**
 * `running` until the run's finished event has arrived; `interrupted` where its device found that it never will.
 */
export type RunStatus = 'running' | 'interrupted' | RunOutcome;

/** One line of the list of runs. What is null is known once the run has finished, or never. */
export type RunListEntry = {
  readonly runId: string;
  readonly target: string;
  /** A scenario's id; a newer version may know more of them. */
  readonly scenario: string;
  readonly sourceName: string;
  readonly status: RunStatus;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly frames: RunSummaryData['frames'] | null;
  readonly plannedFrames: number | null;
  readonly effectiveFps: number | null;
  /** End to end. */
  readonly latencyP50Ms: number | null;
  readonly latencyP90Ms: number | null;
  /** In [0, 1]. */
  readonly detectionRate: number | null;
  readonly verdict: RunSummaryData['verdict'] | null;
};

/** Everything that has arrived of one run, windows by index. */
export type RunRecord = {
  readonly runId: string;
  readonly deviceId: string;
  readonly status: RunStatus;
  readonly started: RunStarted | null;
  readonly windows: readonly RunWindow[];
  readonly finished: RunSummaryData | null;
  /** What the device found of a run whose tab was gone. */
  readonly interrupted: RunInterrupted | null;
};
