/**
 * Measurements of runs in training. NaN is stored as NULL, which has no other meaning here: a figure that was not
 * measured has no row. Infinities are REAL values.
 */
export const measurements = `
  CREATE TABLE step_metrics (
    run   INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    step  INTEGER NOT NULL,
    name  TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, step, name)
  ) STRICT, WITHOUT ROWID;

  -- The test questions of an evaluation, in order: the same list for most evaluations of an experiment.
  CREATE TABLE question_lists (
    hash         TEXT PRIMARY KEY,
    question_ids TEXT NOT NULL CHECK (json_valid(question_ids))
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE evaluations (
    run              INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    step             INTEGER NOT NULL,
    epoch            INTEGER NOT NULL,
    seconds          REAL NOT NULL,
    training_seconds REAL NOT NULL,
    questions        TEXT NOT NULL REFERENCES question_lists (hash),
    PRIMARY KEY (run, step)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE evaluation_metrics (
    run   INTEGER NOT NULL,
    step  INTEGER NOT NULL,
    name  TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, step, name),
    FOREIGN KEY (run, step) REFERENCES evaluations (run, step) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  -- The bytes of a Float32Array: one value per question of the evaluation's list.
  CREATE TABLE query_results (
    run    INTEGER NOT NULL,
    step   INTEGER NOT NULL,
    metric TEXT NOT NULL,
    "values" BLOB NOT NULL,
    PRIMARY KEY (run, step, metric),
    FOREIGN KEY (run, step) REFERENCES evaluations (run, step) ON DELETE CASCADE
  ) STRICT;

  -- Everything else that a run reported, in order.
  CREATE TABLE events (
    run  INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    seq  INTEGER NOT NULL,
    time TEXT NOT NULL,
    type TEXT NOT NULL,
    step INTEGER,
    data TEXT NOT NULL CHECK (json_valid(data)),
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX one_checkpoint_per_step ON events (run, step) WHERE type = 'checkpoint';
`;
