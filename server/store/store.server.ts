// The contract of the place where results are kept and read: what is written, what is asked.
import type {
  MetricEvent,
  RunInterrupted,
  RunStarted,
  RunSummaryData,
  RunWindow,
} from '../../src/lib/events/metric-event.ts';

/**
 * `running` until the run's finished event says how it ended; `interrupted` where the device found that it
 * never will. A finished event that comes all the same, earlier or later, counts.
 */
export type RunStatus = 'running' | 'interrupted' | RunSummaryData['outcome'];

/** One line of the list of runs; what is null is known once the run has finished, or never. */
export type RunListItem = {
  readonly runId: string;
  readonly deviceId: string;
  readonly target: string;
  readonly scenario: string;
  readonly sourceName: string;
  readonly status: RunStatus;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** So far, while the run goes on; null before its first window. */
  readonly frames: RunSummaryData['frames'] | null;
  readonly plannedFrames: number | null;
  readonly effectiveFps: number | null;
  /** End to end. */
  readonly latencyP50Ms: number | null;
  readonly latencyP90Ms: number | null;
  readonly detectionRate: number | null;
  readonly verdict: RunSummaryData['verdict'] | null;
  readonly windowCount: number;
};

/** Everything that has arrived of one run, in whatever order it came. */
export type RunDetail = {
  readonly runId: string;
  readonly deviceId: string;
  readonly status: RunStatus;
  readonly started: RunStarted | null;
  /** By index; some may be missing while others are still on their way. */
  readonly windows: readonly RunWindow[];
  readonly finished: RunSummaryData | null;
  readonly interrupted: RunInterrupted | null;
};

/** What a write changed. */
export type WriteResult = {
  /** Events that were not known before. */
  readonly newEvents: number;
  readonly changedRunIds: readonly string[];
  /**
   * Ids of events that contradict what is stored: the same id, or a window with the same index, with other
   * content. What came first stays.
   */
  readonly conflictingIds: readonly string[];
};

/** The worker's part of the store. Rejects when the store cannot be reached. */
export type StoreWriter = {
  /**
   * Writes the events; one whose id is known already changes nothing. Rejects when not all of them are
   * written: some may be, and are known when they come again.
   */
  write(events: readonly MetricEvent[]): Promise<WriteResult>;
};

/** The dashboard's part of the store. Every method rejects when the store cannot be reached. */
export type StoreReader = {
  /** Newest first. A run is listed once its started or its finished event is here. */
  listRuns(query: { readonly limit: number }): Promise<readonly RunListItem[]>;
  /** Null when nothing of the run has arrived. */
  getRun(runId: string): Promise<RunDetail | null>;
};

/** Keeps runs, for a process that writes and reads them. */
export type Store = StoreWriter &
  StoreReader & {
    /** Nothing may be called afterwards. */
    close(): Promise<void>;
  };
