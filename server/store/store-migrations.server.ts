// The schema of the embedded store's database. Append only.

/** Migrations of store.sqlite, oldest first. Times are ISO 8601 in UTC, so that text sorts. */
export const storeMigrations: readonly string[] = [
  `
  -- The ids of all events ever written: what makes a write idempotent.
  CREATE TABLE events_seen (event_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TABLE devices (
    device_id     TEXT PRIMARY KEY,
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- A run's events come in any order: every column beside the ids is null until its event is here.
  CREATE TABLE runs (
    run_id         TEXT PRIMARY KEY,
    device_id      TEXT NOT NULL REFERENCES devices,
    target         TEXT,
    scenario       TEXT,
    source_name    TEXT,
    started_at     TEXT,
    planned_frames INTEGER,
    status         TEXT NOT NULL DEFAULT 'running',
    effective_fps  REAL,
    latency_p50_ms REAL,
    latency_p90_ms REAL,
    detection_rate REAL,
    started_json   TEXT,
    finished_json  TEXT
  ) STRICT;
  CREATE INDEX runs_by_start ON runs (started_at DESC);

  CREATE TABLE windows (
    run_id           TEXT    NOT NULL REFERENCES runs,
    window_index     INTEGER NOT NULL,
    frames_decoded   INTEGER NOT NULL,
    frames_processed INTEGER NOT NULL,
    frames_dropped   INTEGER NOT NULL,
    frames_detected  INTEGER NOT NULL,
    window_json      TEXT    NOT NULL,
    PRIMARY KEY (run_id, window_index)
  ) STRICT;
  `,
  `
  -- What the device found of a run whose tab was gone; null of all others.
  ALTER TABLE runs ADD COLUMN interrupted_json TEXT;
  `,
];
