// The default Store: runs in one SQLite file. How rows become answers is in run-rows.server.ts.
import type {
  MetricEvent,
  RunFinishedEvent,
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
  const insertWindow = database.prepare(INSERT_WINDOW);
  const selectList = database.prepare(SELECT_LIST);
  const selectRun = database.prepare('SELECT * FROM runs WHERE run_id = ?');
  const selectWindows = database.prepare(
    'SELECT window_json FROM windows WHERE run_id = ? ORDER BY window_index',
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

  function writeWindow({ subject, data }: RunWindowEvent): void {
    insertWindow.run({
      runId: subject,
      index: data.index,
      decoded: data.frames.decoded,
      processed: data.frames.processed,
      dropped: data.frames.dropped,
      detected: data.frames.detected,
      json: JSON.stringify(data),
    });
  }

  /** False when the event was written before. */
  function writeEvent(event: MetricEvent): boolean {
    if (insertSeen.run(event.id).changes === 0) return false;
    const deviceId = event.source.slice(DEVICE_SOURCE_PREFIX.length);
    insertDevice.run({ deviceId, time: toUtc(event.time) });
    insertRun.run(event.subject, deviceId);
    switch (event.type) {
      case 'kinemark.run.started.v1':
        writeStarted(event);
        break;
      case 'kinemark.run.window.v1':
        writeWindow(event);
        break;
      case 'kinemark.run.finished.v1':
        writeFinished(event);
        break;
      default:
        throw new Error(`No rule to store ${JSON.stringify(event satisfies never)}`);
    }
    return true;
  }

  return {
    async write(events) {
      const written = inTransaction(database, () => events.filter(writeEvent));
      const changedRunIds = [...new Set(written.map((event) => event.subject))];
      return { newEvents: written.length, changedRunIds };
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
