// The schema of the embedded broker's database. Append only.

/** Migrations of broker.sqlite, oldest first. Times are Unix ms by the broker's clock. */
export const brokerMigrations: readonly string[] = [
  `
  CREATE TABLE messages (
    -- AUTOINCREMENT: a number is never given twice, so a late acknowledgement cannot hit another.
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    -- Deliveries so far, the one in progress included.
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- End of the lease or of the back-off; due when it has passed.
    available_at INTEGER NOT NULL,
    last_error   TEXT
  ) STRICT;
  CREATE INDEX messages_by_run ON messages (run_id, seq, available_at);
  CREATE INDEX messages_by_availability ON messages (available_at);
  CREATE INDEX messages_by_attempts ON messages (attempts) WHERE attempts > 0;

  CREATE TABLE dead_letters (
    seq          INTEGER PRIMARY KEY,
    event_id     TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    died_at      INTEGER NOT NULL,
    error        TEXT    NOT NULL
  ) STRICT;
  `,
];
