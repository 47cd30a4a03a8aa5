// The default Store: runs in one SQLite file. How rows become answers is in run-rows.server.ts.
import type { SQLOutputValue } from 'node:sqlite';
import type {
  MetricEvent,
  RunFinishedEvent,
  RunInterruptedEvent,
  RunStartedEvent,
  RunWindowEvent,
} from '../../src/lib/events/metric-event.ts';
import { openDatabase } from '../sqlite/open-database.server.ts';
import { inTransaction } from '../sqlite/transaction.server.ts';
import { readRunDetail, readRunListItem } from './run-rows.server.ts';
import { storeMigrations } from './store-migrations.server.ts';
import type { Store } from './store.server.ts';

const DEVICE_SOURCE_PREFIX = '/devices/';

const INSERT_DEVICE = `
  INSERT INTO devices (device_id, first_seen_at, last_seen_at) VALUES (:deviceId, :time, :time)
  ON CONFLICT DO UPDATE SET
    first_seen_at = min(first_seen_at, excluded.first_seen_at),
    last_seen_at = max(last_seen_at, excluded.last_seen_at)`;

/** The finished event says the same and more: where it came first, it stays. */
const UPDATE_STARTED = `
  UPDATE runs SET
    target = coalesce(target, :target), scenario = coalesce(scenario, :scenario),
    source_name = coalesce(source_name, :sourceName),
    started_at = coalesce(started_at, :startedAt),
    planned_frames = :plannedFrames, started_json = :json
  WHERE run_id = :runId`;

const UPDATE_FINISHED = `
  UPDATE runs SET
    target = :target, scenario = :scenario, source_name = :sourceName, started_at = :startedAt,
    status = :status, effective_fps = :effectiveFps, latency_p50_ms = :latencyP50Ms,
    latency_p90_ms = :latencyP90Ms, detection_rate = :detectionRate, finished_json = :json
  WHERE run_id = :runId`;

/** Windows and a start may still come; an end that is known stays. */
const UPDATE_INTERRUPTED = `
  UPDATE runs SET
    status = CASE status WHEN 'running' THEN 'interrupted' ELSE status END,
    interrupted_json = :json
  WHERE run_id = :runId`;

/** The first window with an index stays: a second one is a fault of its sender's. */
const INSERT_WINDOW = `
  INSERT OR IGNORE INTO windows
    (run_id, window_index, frames_decoded, frames_processed, frames_dropped, frames_detected,
     window_json)
  VALUES (:runId, :index, :decoded, :processed, :dropped, :detected, :json)`;

const SELECT_LIST = `
  SELECT runs.*, count(window_index) AS window_count,
    sum(frames_decoded) AS frames_decoded, sum(frames_processed) AS frames_processed,
    sum(frames_dropped) AS frames_dropped, sum(frames_detected) AS frames_detected
  FROM (SELECT * FROM runs WHERE started_at IS NOT NULL ORDER BY started_at DESC LIMIT ?) AS runs
  LEFT JOIN windows USING (run_id)
  GROUP BY run_id ORDER BY started_at DESC`;

/** Where the data of an event is kept that is not a window's. */
const jsonColumns = {
  'kinemark.run.started.v1': 'started_json',
  'kinemark.run.finished.v1': 'finished_json',
  'kinemark.run.interrupted.v1': 'interrupted_json',
} as const;

/** What became of an event: `known` was written before; `conflicting` says otherwise than what is stored. */
type Written = 'new' | 'known' | 'conflicting';

/** Opens or creates the store at `path`, whose folder exists. Throws as `openDatabase` does. */
export function createSqliteStore(path: string): Store {
  const database = openDatabase(path, storeMigrations);

  const insertSeen = database.prepare('INSERT OR IGNORE INTO events_seen VALUES (?)');
  const insertDevice = database.prepare(INSERT_DEVICE);
  const insertRun = database.prepare(
    'INSERT OR IGNORE INTO runs (run_id, device_id) VALUES (?, ?)',
  );
  const updateStarted = database.prepare(UPDATE_STARTED);
  const updateFinished = database.prepare(UPDATE_FINISHED);
  const updateInterrupted = database.prepare(UPDATE_INTERRUPTED);
  const insertWindow = database.prepare(INSERT_WINDOW);
  const selectList = database.prepare(SELECT_LIST);
  const selectRun = database.prepare('SELECT * FROM runs WHERE run_id = ?');
  const selectWindows = database.prepare(
    'SELECT window_json FROM windows WHERE run_id = ? ORDER BY window_index',
  );
  const selectWindow = database.prepare(
    'SELECT window_json FROM windows WHERE run_id = ? AND window_index = ?',
  );

  function writeStarted({ subject, data }: RunStartedEvent): void {
    updateStarted.run({
      runId: subject,
      target: data.target,
      scenario: data.scenario,
      sourceName: data.source.name,
      startedAt: toUtc(data.startedAt),
      plannedFrames: data.plannedFrames,
      json: JSON.stringify(data),
    });
  }

  function writeFinished({ subject, data }: RunFinishedEvent): void {
    updateFinished.run({
      runId: subject,
      target: data.target,
      scenario: data.scenario,
      sourceName: data.source.name,
      startedAt: toUtc(data.startedAt),
      status: data.outcome,
      effectiveFps: data.effectiveFps,
      latencyP50Ms: data.latencyMs.endToEnd?.p50 ?? null,
      latencyP90Ms: data.latencyMs.endToEnd?.p90 ?? null,
      detectionRate: data.quality.detectionRate,
      json: JSON.stringify(data),
    });
  }

  function writeInterrupted({ subject, data }: RunInterruptedEvent): void {
    updateInterrupted.run({ runId: subject, json: JSON.stringify(data) });
  }

  /** False when the run has a window with this index. */
  function writeWindow({ subject, data }: RunWindowEvent): boolean {
    const { changes } = insertWindow.run({
      runId: subject,
      index: data.index,
      decoded: data.frames.decoded,
      processed: data.frames.processed,
      dropped: data.frames.dropped,
      detected: data.frames.detected,
      json: JSON.stringify(data),
    });
    return changes > 0;
  }

  /** What is stored in the place of an event's data, if anything is. */
  function readStored(event: MetricEvent): SQLOutputValue | undefined {
    if (event.type === 'kinemark.run.window.v1') {
      return selectWindow.get(event.subject, event.data.index)?.['window_json'];
    }
    return selectRun.get(event.subject)?.[jsonColumns[event.type]];
  }

  function writeEvent(event: MetricEvent): Written {
    if (insertSeen.run(event.id).changes === 0) {
      const isSame = readStored(event) === JSON.stringify(event.data);
      return isSame ? 'known' : 'conflicting';
    }
    const deviceId = event.source.slice(DEVICE_SOURCE_PREFIX.length);
    insertDevice.run({ deviceId, time: toUtc(event.time) });
    insertRun.run(event.subject, deviceId);
    switch (event.type) {
      case 'kinemark.run.started.v1':
        writeStarted(event);
        break;
      case 'kinemark.run.window.v1':
        if (!writeWindow(event)) return 'conflicting';
        break;
      case 'kinemark.run.interrupted.v1':
        writeInterrupted(event);
        break;
      case 'kinemark.run.finished.v1':
        writeFinished(event);
        break;
      default:
        throw new Error(`No rule to store ${JSON.stringify(event satisfies never)}`);
    }
    return 'new';
  }

  return {
    async write(events) {
      const written = inTransaction(database, () =>
        events.map((event) => ({ event, as: writeEvent(event) })),
      );
      const added = written.filter(({ as }) => as === 'new');
      return {
        newEvents: added.length,
        changedRunIds: [...new Set(added.map(({ event }) => event.subject))],
        conflictingIds: written
          .filter(({ as }) => as === 'conflicting')
          .map(({ event }) => event.id),
      };
    },

    async listRuns({ limit }) {
      return selectList.all(limit).map(readRunListItem);
    },

    async getRun(runId) {
      const row = selectRun.get(runId);
      return row === undefined ? null : readRunDetail(row, selectWindows.all(runId));
    },

    async close() {
      database.close();
    },
  };
}

/** Devices may send any zone. */
function toUtc(isoTime: string): string {
  return new Date(isoTime).toISOString();
}
