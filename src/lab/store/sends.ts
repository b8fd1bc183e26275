import type Database from 'better-sqlite3';

/** An experiment on a server that runs are sent to. */
export interface SendTarget {
  /** Without a trailing slash, and without credentials. */
  readonly address: string;
  /** Its name on that server. */
  readonly experiment: string;
}

/** A run that has ended, and has not arrived completely since. */
export interface PendingSend extends SendTarget {
  readonly run: string;
  /** When the last attempt of a program by itself failed; null if there was none. */
  readonly failed: string | null;
  /** When the run ended. */
  readonly ended: string;
}

/** Remembers that a run is sent to a server. */
export function rememberSend(database: Database.Database, run: number, { address, experiment }: SendTarget): void {
  database
    .prepare('INSERT INTO sends (run, address, experiment) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    .run(run, address, experiment);
}

/** All of a run has arrived, as it was in this state. */
export function confirmSend(
  database: Database.Database,
  run: number,
  { address, experiment }: SendTarget,
  state: string,
): void {
  database
    .prepare('UPDATE sends SET sent_state = ?, failed = NULL WHERE run = ? AND address = ? AND experiment = ?')
    .run(state, run, address, experiment);
}

/** A program has tried by itself to send the rest of a run, at this time and in vain. */
export function noteFailedSend(
  database: Database.Database,
  run: number,
  { address, experiment }: SendTarget,
  time: string,
): void {
  database
    .prepare('UPDATE sends SET failed = ? WHERE run = ? AND address = ? AND experiment = ?')
    .run(time, run, address, experiment);
}

/** The servers that a run is sent to, in the order of their addresses. */
export function sendTargets(database: Database.Database, run: number): SendTarget[] {
  return database
    .prepare<[number], SendTarget>('SELECT address, experiment FROM sends WHERE run = ? ORDER BY address, experiment')
    .all(run);
}

/** Those of runs that have ended, by server; not of deleted experiments. */
export function pendingSends(database: Database.Database): PendingSend[] {
  return database
    .prepare<[], PendingSend>(
      `
      SELECT runs.id AS run, address, sends.experiment AS experiment, failed, ended
      FROM sends JOIN runs ON runs.key = run JOIN experiments ON experiments.key = runs.experiment
      WHERE ended IS NOT NULL AND deleted IS NULL AND sent_state IS NOT runs.state
      ORDER BY address, sends.experiment, runs.key`,
    )
    .all();
}
