// What Firestore keeps of a run, and how that becomes what the Store contract answers. No I/O; how events become
// documents is in apply-events.server.ts.
import type { Timestamp } from '@google-cloud/firestore';
import type {
  RunInterrupted,
  RunStarted,
  RunSummaryData,
  RunWindow,
} from '../../../src/lib/events/metric-event.ts';
import type { RunDetail, RunListItem, RunStatus } from '../store.server.ts';

/**
 * `runs/{runId}`. What an event says is JSON text: Firestore refuses arrays in arrays, and text compares exactly.
 * What is null has not come yet, or is not known.
 */
export type RunDocument = {
  readonly deviceId: string;
  readonly status: RunStatus;
  readonly target: string | null;
  readonly scenario: string | null;
  readonly sourceName: string | null;
  /** ISO 8601, UTC. Absent until it is known: the list is ordered by it, and so leaves the run out till then. */
  readonly startedAt?: string;
  readonly plannedFrames: number | null;
  readonly effectiveFps: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP90Ms: number | null;
  readonly detectionRate: number | null;
  readonly windowCount: number;
  /** Summed over the windows. */
  readonly windowFrames: RunSummaryData['frames'] | null;
  readonly started: string | null;
  readonly finished: string | null;
  readonly interrupted: string | null;
  /** Sequences of all events ever written of the run, as a SequenceSet: what makes a write idempotent. */
  readonly seen: string;
  /** Indexes of its windows, as a SequenceSet. */
  readonly windowIndexes: string;
  /** When it was last written, by Firestore's clock. */
  readonly changedAt?: Timestamp;
};

/** `runs/{runId}/windows/{index}`. */
export type WindowDocument = {
  readonly eventId: string;
  /** The event's data as JSON. */
  readonly data: string;
};

/** What a run is before its first event is applied. */
export function emptyRun(deviceId: string): RunDocument {
  return {
    deviceId,
    status: 'running',
    target: null,
    scenario: null,
    sourceName: null,
    plannedFrames: null,
    effectiveFps: null,
    latencyP50Ms: null,
    latencyP90Ms: null,
    detectionRate: null,
    windowCount: 0,
    windowFrames: null,
    started: null,
    finished: null,
    interrupted: null,
    seen: '',
    windowIndexes: '',
  };
}

/** Of a window's id: enough for a window a second for 300 years. */
const INDEX_DIGITS = 10;

/** Id of a window's document. */
export function windowId(index: number): string {
  return String(index).padStart(INDEX_DIGITS, '0');
}

/** The fields that `toRunListItem` reads; the others are large and stay where they are. */
export const LIST_FIELDS = [
  'deviceId',
  'status',
  'target',
  'scenario',
  'sourceName',
  'startedAt',
  'plannedFrames',
  'effectiveFps',
  'latencyP50Ms',
  'latencyP90Ms',
  'detectionRate',
  'windowCount',
  'windowFrames',
  'finished',
] as const satisfies readonly (keyof RunDocument)[];

/** A run that is listed: when it started is known, and with it what was measured. */
export type ListedRun = Pick<RunDocument, Exclude<(typeof LIST_FIELDS)[number], ListedTexts>> &
  Readonly<Record<ListedTexts, string>>;
type ListedTexts = 'target' | 'scenario' | 'sourceName' | 'startedAt';

// The store writes these documents itself, from events that were parsed: they need no second check.

/** A line of the list. */
export function toRunListItem(runId: string, run: ListedRun): RunListItem {
  const finished = parseJson(run.finished) as RunSummaryData | null;
  return {
    runId,
    deviceId: run.deviceId,
    target: run.target,
    scenario: run.scenario,
    sourceName: run.sourceName,
    status: run.status,
    startedAt: run.startedAt,
    frames: finished?.frames ?? run.windowFrames,
    plannedFrames: run.plannedFrames,
    effectiveFps: run.effectiveFps,
    latencyP50Ms: run.latencyP50Ms,
    latencyP90Ms: run.latencyP90Ms,
    detectionRate: run.detectionRate,
    verdict: finished?.verdict ?? null,
    windowCount: run.windowCount,
  };
}

/** A run with its windows, which may come in any order. */
export function toRunDetail(
  runId: string,
  run: RunDocument,
  windows: readonly WindowDocument[],
): RunDetail {
  return {
    runId,
    deviceId: run.deviceId,
    status: run.status,
    started: parseJson(run.started) as RunStarted | null,
    // By number: an index of more digits than ids are padded to would sort before others.
    windows: windows
      .map(({ data }) => JSON.parse(data) as RunWindow)
      .sort((a, b) => a.index - b.index),
    finished: parseJson(run.finished) as RunSummaryData | null,
    interrupted: parseJson(run.interrupted) as RunInterrupted | null,
  };
}

function parseJson(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}
