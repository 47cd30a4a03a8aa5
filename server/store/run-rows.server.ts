// From rows of the SQLite store to what the Store contract answers. No SQL, no I/O.
import type { SQLOutputValue } from 'node:sqlite';
import type {
  RunInterrupted,
  RunStarted,
  RunSummaryData,
  RunWindow,
} from '../../src/lib/events/metric-event.ts';
import type { RunDetail, RunListItem, RunStatus } from './store.server.ts';

type Row = Record<string, SQLOutputValue>;

/** Reads a row of `runs` joined with the counts over its windows; its `started_at` is known. */
export function readRunListItem(row: Row): RunListItem {
  const finished = readJson(row['finished_json']) as RunSummaryData | null;
  return {
    runId: text(row['run_id']),
    deviceId: text(row['device_id']),
    target: text(row['target']),
    scenario: text(row['scenario']),
    sourceName: text(row['source_name']),
    status: readStatus(row),
    startedAt: text(row['started_at']),
    frames: finished?.frames ?? readWindowFrames(row),
    plannedFrames: numberOrNull(row['planned_frames']),
    effectiveFps: numberOrNull(row['effective_fps']),
    latencyP50Ms: numberOrNull(row['latency_p50_ms']),
    latencyP90Ms: numberOrNull(row['latency_p90_ms']),
    detectionRate: numberOrNull(row['detection_rate']),
    verdict: finished?.verdict ?? null,
    windowCount: Number(row['window_count']),
  };
}

/** Reads a row of `runs` and the rows of its windows, by index. */
export function readRunDetail(row: Row, windowRows: readonly Row[]): RunDetail {
  return {
    runId: text(row['run_id']),
    deviceId: text(row['device_id']),
    status: readStatus(row),
    started: readJson(row['started_json']) as RunStarted | null,
    windows: windowRows.map((window) => JSON.parse(text(window['window_json'])) as RunWindow),
    finished: readJson(row['finished_json']) as RunSummaryData | null,
    interrupted: readJson(row['interrupted_json']) as RunInterrupted | null,
  };
}

function readWindowFrames(row: Row): RunSummaryData['frames'] | null {
  if (row['frames_decoded'] === null) return null;
  return {
    decoded: Number(row['frames_decoded']),
    processed: Number(row['frames_processed']),
    dropped: Number(row['frames_dropped']),
    detected: Number(row['frames_detected']),
  };
}

// The store writes these columns itself, from events that were parsed: they need no second check.

function readStatus(row: Row): RunStatus {
  return text(row['status']) as RunStatus;
}

function readJson(value: SQLOutputValue | undefined): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : null;
}

function text(value: SQLOutputValue | undefined): string {
  return String(value);
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
