/** Diagnostics of embeddings, as JSON (`Diagnostics`); findings about the health of a run, at most one per kind. */
export const diagnostics = `
  CREATE TABLE evaluation_diagnostics (
    run  INTEGER NOT NULL,
    step INTEGER NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data)),
    PRIMARY KEY (run, step),
    FOREIGN KEY (run, step) REFERENCES evaluations (run, step) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX one_finding_per_kind ON events (run, json_extract(data, '$.kind')) WHERE type = 'health';
`;
