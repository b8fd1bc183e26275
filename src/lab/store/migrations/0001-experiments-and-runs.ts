/** Experiments and their runs. Times are ISO 8601 in UTC; `key` keeps the order of creation. */
export const experimentsAndRuns = `
  CREATE TABLE experiments (
    key           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    created       TEXT NOT NULL,
    dataset_name  TEXT NOT NULL,
    dataset_hash  TEXT NOT NULL,
    configuration TEXT NOT NULL CHECK (json_valid(configuration))
  ) STRICT;

  CREATE TABLE runs (
    key               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    experiment        INTEGER NOT NULL REFERENCES experiments (key) ON DELETE CASCADE,
    name              TEXT NOT NULL,
    recipe            TEXT NOT NULL CHECK (json_valid(recipe)),
    seed              INTEGER NOT NULL,
    configuration     TEXT NOT NULL CHECK (json_valid(configuration)),
    state             TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'stopped', 'failed', 'interrupted')),

    -- The process that writes the run, while it is running.
    owner_pid         INTEGER,
    owner_token       TEXT,

    -- What the training process found when it started.
    device            TEXT,
    device_reason     TEXT,
    parameters        INTEGER,
    steps             INTEGER,
    steps_per_epoch   INTEGER,
    train_questions   INTEGER,
    test_questions    INTEGER,
    hashes            TEXT CHECK (json_valid(hashes)),

    created           TEXT NOT NULL,
    started           TEXT,
    ended             TEXT,

    training_seconds  REAL,
    peak_memory_bytes INTEGER,
    encoder           TEXT,

    failure_code      TEXT,
    failure_message   TEXT,
    failure_fix       TEXT,

    CHECK ((state = 'running') = (owner_pid IS NOT NULL)),
    CHECK ((state = 'failed') = (failure_code IS NOT NULL))
  ) STRICT;

  CREATE INDEX runs_by_experiment ON runs (experiment);
`;
