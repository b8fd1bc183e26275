/**
 * The split of an evaluation: at one step, a run can be evaluated on its validation questions and on its test
 * questions. All earlier evaluations used test questions. The key of a table cannot change, so the rows move to a new
 * table.
 */
export const evaluatedSplits = `
  CREATE TABLE new_evaluations (
    run              INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    split            TEXT NOT NULL CHECK (split IN ('validation', 'test')),
    step             INTEGER NOT NULL,
    epoch            INTEGER NOT NULL,
    seconds          REAL NOT NULL,
    training_seconds REAL NOT NULL,
    questions        TEXT NOT NULL REFERENCES question_lists (hash),
    PRIMARY KEY (run, split, step)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO new_evaluations (run, split, step, epoch, seconds, training_seconds, questions)
    SELECT run, 'test', step, epoch, seconds, training_seconds, questions FROM evaluations;

  CREATE TABLE new_evaluation_metrics (
    run   INTEGER NOT NULL,
    split TEXT NOT NULL,
    step  INTEGER NOT NULL,
    name  TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, split, step, name),
    FOREIGN KEY (run, split, step) REFERENCES new_evaluations (run, split, step) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  INSERT INTO new_evaluation_metrics (run, split, step, name, value)
    SELECT run, 'test', step, name, value FROM evaluation_metrics;

  CREATE TABLE new_query_results (
    run      INTEGER NOT NULL,
    split    TEXT NOT NULL,
    step     INTEGER NOT NULL,
    metric   TEXT NOT NULL,
    "values" BLOB NOT NULL,
    PRIMARY KEY (run, split, step, metric),
    FOREIGN KEY (run, split, step) REFERENCES new_evaluations (run, split, step) ON DELETE CASCADE
  ) STRICT;
  INSERT INTO new_query_results (run, split, step, metric, "values")
    SELECT run, 'test', step, metric, "values" FROM query_results;

  CREATE TABLE new_evaluation_diagnostics (
    run   INTEGER NOT NULL,
    split TEXT NOT NULL,
    step  INTEGER NOT NULL,
    data  TEXT NOT NULL CHECK (json_valid(data)),
    PRIMARY KEY (run, split, step),
    FOREIGN KEY (run, split, step) REFERENCES new_evaluations (run, split, step) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  INSERT INTO new_evaluation_diagnostics (run, split, step, data)
    SELECT run, 'test', step, data FROM evaluation_diagnostics;

  -- Those that refer to evaluations go first: dropping a table deletes its rows, and what refers to them.
  DROP TABLE evaluation_diagnostics;
  DROP TABLE query_results;
  DROP TABLE evaluation_metrics;
  DROP TABLE evaluations;
  ALTER TABLE new_evaluations RENAME TO evaluations;
  ALTER TABLE new_evaluation_metrics RENAME TO evaluation_metrics;
  ALTER TABLE new_query_results RENAME TO query_results;
  ALTER TABLE new_evaluation_diagnostics RENAME TO evaluation_diagnostics;

  -- The best value of a metric is looked for in every run at once.
  CREATE INDEX evaluation_metrics_by_name ON evaluation_metrics (name, split, run, step, value);
`;
