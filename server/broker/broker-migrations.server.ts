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
  `
  -- How many rows there are, without counting them at every request. By triggers, so that whoever
  -- changes the tables, in whatever process, changes the totals in the same transaction.
  CREATE TABLE queue_totals (messages INTEGER NOT NULL, dead_letters INTEGER NOT NULL) STRICT;
  INSERT INTO queue_totals
    SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM dead_letters);
  CREATE TRIGGER message_added AFTER INSERT ON messages
    BEGIN UPDATE queue_totals SET messages = messages + 1; END;
  CREATE TRIGGER message_removed AFTER DELETE ON messages
    BEGIN UPDATE queue_totals SET messages = messages - 1; END;
  CREATE TRIGGER dead_letter_added AFTER INSERT ON dead_letters
    BEGIN UPDATE queue_totals SET dead_letters = dead_letters + 1; END;
  CREATE TRIGGER dead_letter_removed AFTER DELETE ON dead_letters
    BEGIN UPDATE queue_totals SET dead_letters = dead_letters - 1; END;
  -- SQLite uses a partial index only for a condition that repeats its own, so the one on attempts > 0 was
  -- never used for those that are exhausted, and every look for them went through the whole queue.
  DROP INDEX messages_by_attempts;
  CREATE INDEX messages_exhausted ON messages (available_at) WHERE attempts >= 5;
  CREATE INDEX dead_letters_by_death ON dead_letters (died_at, seq);
  `,
  `
  -- Only messages that were delivered and not yet acknowledged wait for a moment; new ones, which are due
  -- whatever the clock says (0), are in no index but the table's own. Which runs are held up is read from here too.
  DROP INDEX messages_by_run;
  DROP INDEX messages_by_availability;
  CREATE INDEX messages_waiting ON messages (available_at, run_id) WHERE available_at > 0;
  `,
];
