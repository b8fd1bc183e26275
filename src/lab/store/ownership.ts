import type Database from 'better-sqlite3';
import { LabError } from '../../shared/errors.ts';
import type { Run, RunState } from '../../shared/history.ts';
import { currentProcess, isAlive, type ProcessIdentity } from '../base/processIdentity.ts';

/** A run in training, and the process that trains it. */
interface RunningRun {
  readonly id: string;
  readonly experiment: string;
  readonly owner: ProcessIdentity;
}

/** Ownership of runs: one process at a time writes the runs of an experiment. */
export class Ownership {
  readonly self: ProcessIdentity = currentProcess();
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /**
   * Makes this process the writer of a run. Throws a `storage` LabError while another running process writes a run of
   * the same experiment, and a `usage` LabError if the run is finished.
   */
  claim(run: Run): void {
    if (run.state === 'finished')
      throw new LabError(
        'usage',
        `Run ${run.id} is finished: it cannot be resumed.`,
        'Train its configuration again as a new run.',
      );
    this.#refuseSecondWriter(run);
    this.#database
      .prepare(
        `
        UPDATE runs SET state = 'running', owner_pid = ?, owner_token = ?, ended = NULL, training_seconds = NULL,
          failure_code = NULL, failure_message = NULL, failure_fix = NULL, interruption = NULL
        WHERE id = ?`,
      )
      .run(this.self.pid, this.self.startToken, run.id);
  }

  #refuseSecondWriter(run: Run): void {
    const writer = this.#running().find(
      ({ experiment, owner }) => experiment === run.experiment && !this.#isSelf(owner) && isAlive(owner),
    );
    if (!writer) return;
    const what = writer.id === run.id ? 'it' : `run ${writer.id} of the same experiment`;
    throw new LabError(
      'storage',
      `Run ${run.id} cannot be written now: process ${writer.owner.pid} is training ${what}.`,
      'Wait until that ends, or stop it. You can read the run meanwhile.',
    );
  }

  release(id: string, state: RunState, time: string | null): void {
    this.#database
      .prepare(
        `
        UPDATE runs SET state = ?, owner_pid = NULL, owner_token = NULL, ended = ?,
          failure_code = NULL, failure_message = NULL, failure_fix = NULL, interruption = NULL
        WHERE id = ?`,
      )
      .run(state, time, id);
  }

  /** Ids of running runs whose process has ended. */
  abandoned(): string[] {
    return this.#running().flatMap(({ id, owner }) => (this.#isSelf(owner) || isAlive(owner) ? [] : [id]));
  }

  /** The key of a run that this process is writing; throws a `storage` LabError otherwise. */
  ownKey(id: string): number {
    const row = this.#database
      .prepare<[string], { key: number; state: RunState; owner_pid: number; owner_token: string }>(
        'SELECT key, state, owner_pid, owner_token FROM runs WHERE id = ?',
      )
      .get(id);
    if (row?.state === 'running' && this.#isSelf({ pid: row.owner_pid, startToken: row.owner_token })) return row.key;
    throw new LabError(
      'storage',
      `Run ${id} cannot be written: it is ${row?.state ?? 'missing'}, and this program does not train it.`,
      'Wait until it has ended; you can read it meanwhile.',
    );
  }

  #isSelf({ pid, startToken }: ProcessIdentity): boolean {
    return pid === this.self.pid && startToken === this.self.startToken;
  }

  #running(): RunningRun[] {
    return this.#database
      .prepare<[], { id: string; experiment: string; owner_pid: number; owner_token: string }>(
        `
        SELECT runs.id, experiments.id AS experiment, owner_pid, owner_token
        FROM runs JOIN experiments ON experiments.key = runs.experiment
        WHERE state = 'running'`,
      )
      .all()
      .map(({ id, experiment, owner_pid, owner_token }) => ({
        id,
        experiment,
        owner: { pid: owner_pid, startToken: owner_token },
      }));
  }
}
