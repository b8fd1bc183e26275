/**
 * The servers that runs are sent to. `sent_state`: the state of the run when all of it had arrived; NULL before that.
 * `failed`: when a program tried by itself to send the rest, in vain.
 */
export const sends = `
  CREATE TABLE sends (
    run        INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    experiment TEXT NOT NULL,
    sent_state TEXT,
    failed     TEXT,
    PRIMARY KEY (run, address, experiment)
  ) STRICT, WITHOUT ROWID;
`;
