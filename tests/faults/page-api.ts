// What the harness and the page of a schedule ask of each other.
import type { StoredRun } from '../../src/lib/storage/database.ts';
import type { DeliveryState } from '../../src/lib/events/uploader.ts';
import type { MetricEvent, RunWindow } from '../../src/lib/events/metric-event.ts';
import type { PlannedRun } from './schedule.ts';

/** Functions of the harness that the page finds on its global object. A call that is awaited has been noted. */
export type HarnessCalls = {
  /** The page is about to store this event. */
  faultsIntend(event: MetricEvent): Promise<void>;
  /** The transaction with the event of this key (event-key.ts) is complete. */
  faultsCommit(key: string): Promise<void>;
  /** This page has no database, for want of room: nothing of the run can be stored. */
  faultsForgo(runId: string): Promise<void>;
  /** Storage refused a write because it is full. */
  faultsRefuse(): Promise<void>;
  /** Something that must not happen. */
  faultsComplain(problem: string): Promise<void>;
};

/** Everything that the device keeps. */
export type DeviceContents = {
  readonly waiting: readonly MetricEvent[];
  readonly rejected: readonly { readonly event: MetricEvent; readonly reason: string }[];
  readonly runs: readonly {
    readonly run: StoredRun;
    readonly windows: readonly RunWindow[];
  }[];
};

/** What the harness has the page do. Nothing is waited for but what returns a promise. */
export type FaultPage = {
  start(planned: PlannedRun): void;
  record(runId: string, windows: number): void;
  finish(runId: string): void;
  /** As the page does when it is hidden. */
  hide(): void;
  /** There is a new token. */
  resume(): void;
  /** The wall clock jumps to this distance from the true time. */
  shiftDate(offsetMs: number): void;
  /** Resolves when every run that was finished here is stored whole. */
  settled(): Promise<void>;
  /**
   * Whether every run has an end and no event waits; waits while the number of
   * events that wait changes within `limitMs`.
   */
  drained(limitMs: number): Promise<boolean>;
  /** What the uploader does at the moment. */
  delivery(): Promise<DeliveryState>;
  contents(): Promise<DeviceContents>;
};

declare global {
  interface Window extends HarnessCalls {
    readonly faultPage: FaultPage;
  }
}
