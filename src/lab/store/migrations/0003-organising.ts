/**
 * Tags and notes of experiments, deletion that can be undone, skipped runs, and curves in the order of their names, so
 * that one can be read alone.
 */
export const organising = `
  ALTER TABLE experiments ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
  ALTER TABLE experiments ADD COLUMN note TEXT NOT NULL DEFAULT '';
  -- When it was deleted; it goes for good some time later.
  ALTER TABLE experiments ADD COLUMN deleted TEXT;
  -- What a screen set up; NULL for an experiment of the command line.
  ALTER TABLE experiments ADD COLUMN draft TEXT CHECK (json_valid(draft));
  ALTER TABLE runs ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1));

  CREATE TABLE curves (
    run   INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    name  TEXT NOT NULL,
    step  INTEGER NOT NULL,
    value REAL,
    PRIMARY KEY (run, name, step)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO curves SELECT run, name, step, value FROM step_metrics ORDER BY run, name, step;
  DROP TABLE step_metrics;
  ALTER TABLE curves RENAME TO step_metrics;

  -- The best value of a metric is looked for in every run at once.
  CREATE INDEX evaluation_metrics_by_name ON evaluation_metrics (name, run, step, value);
`;
