import { randomInt } from 'node:crypto';
import type Database from 'better-sqlite3';
import { LabError } from '../../shared/errors.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import * as curves from './curves.ts';
import { explainingErrors, openDatabase } from './database.ts';
import type { Home } from './home.ts';
import { readPace, type Pace } from './pace.ts';
import { currentProcess, isAlive, type ProcessIdentity } from './processes.ts';
import * as queries from './queries.ts';
import { createRecorder, type Recorder } from './recording.ts';
import { draftOf, listOverviews, type ExperimentOverview } from './summaries.ts';
import type { ExperimentDraft } from '../../shared/contract/experiments.ts';
import type { Evaluation, Experiment, NewExperiment, NewRun, QueryResults, RecordedEvent, Run, RunFilter, RunState, StepValue } from '../../shared/history.ts';

/**
 * Opens the history of a home folder (see `openHome`), creating it on first use, and marks runs
 * whose process is gone as interrupted. Throws a `storage` LabError when it cannot be used.
 */
export function openStore(home: Home): Store {
  const store = new Store(home, openDatabase(home));
  store.markInterrupted();
  return store;
}

/**
 * The history of experiments and runs. Any number of programs may read and write it at once; a run
 * is written by the one process that claimed it. Where a method takes a run, the beginning of its
 * id is enough; a run that is not there, or not the only one, is a `usage` LabError.
 */
export class Store implements Disposable {
  readonly home: Home;
  private readonly database: Database.Database;
  private readonly recorder: Recorder;
  private readonly owner: ProcessIdentity = currentProcess();

  constructor(home: Home, database: Database.Database) {
    this.home = home;
    this.database = database;
    this.recorder = createRecorder(database);
  }

  close(): void {
    this.database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // --- Experiments and runs ---------------------------------------------------------------------

  /** `draft` is what a screen set it up with. */
  createExperiment(experiment: NewExperiment, draft: ExperimentDraft | null = null): Experiment {
    const id = this.write(() =>
      this.insertWithFreshId('experiment', (id) =>
        this.database
          .prepare('INSERT INTO experiments (id, name, created, dataset_name, dataset_hash, configuration, draft) VALUES (?, ?, ?, ?, ?, ?, ?)')
          .run(id, experiment.name, now(), experiment.dataset.name, experiment.dataset.hash, JSON.stringify(experiment.configuration), draft && JSON.stringify(draft)),
      ),
    );
    return this.getExperiment(id);
  }

  /** By its whole id, deleted or not; a `usage` LabError where there is none. */
  getExperiment(id: string): Experiment {
    return this.read(() => queries.getExperiment(this.database, id));
  }

  /** Those that are not deleted, in the order of their creation. */
  listExperiments(): Experiment[] {
    return this.read(() => queries.listExperiments(this.database));
  }

  /** A queued run, named as its configuration is. */
  createRun({ experiment, configuration }: NewRun): Run {
    const { recipe } = configuration;
    const id = this.write(() =>
      this.insertWithFreshId(recipe.loss.name, (id) => {
        const { changes } = this.database
          .prepare(`
            INSERT INTO runs (id, experiment, name, recipe, seed, configuration, state, created)
            SELECT ?, key, ?, ?, ?, ?, 'queued', ? FROM experiments WHERE id = ?`)
          .run(id, configuration.name, JSON.stringify(recipe), configuration.seed, JSON.stringify(configuration), now(), experiment);
        if (changes === 0) throw new LabError('usage', `There is no experiment "${experiment}".`);
      }),
    );
    return this.getRun(id);
  }

  /** At a glance, the newest first, deleted ones left out. */
  listOverviews(): ExperimentOverview[] {
    return this.read(() => listOverviews(this.database, this.owner));
  }

  overviewOf(experiment: string): ExperimentOverview {
    this.getExperiment(experiment);
    return this.read(() => listOverviews(this.database, this.owner, experiment)[0]!);
  }

  /** What a screen set an experiment up with; null for one of the command line. */
  draftOf(experiment: string): ExperimentDraft | null {
    return this.read(() => draftOf(this.database, experiment));
  }

  /** In the order of their creation; those of deleted experiments only where an experiment is named. */
  listRuns(filter: RunFilter = {}): Run[] {
    return this.read(() => queries.listRuns(this.database, filter));
  }

  getRun(idOrPrefix: string): Run {
    return this.read(() => queries.getRun(this.database, idOrPrefix));
  }

  // --- What people change -----------------------------------------------------------------------

  rename(experiment: string, name: string): void {
    this.change(experiment, 'name', name);
  }

  setTags(experiment: string, tags: readonly string[]): void {
    this.change(experiment, 'tags', JSON.stringify(tags));
  }

  setNote(experiment: string, note: string): void {
    this.change(experiment, 'note', note);
  }

  /** Out of the lists; `purgeDeleted` removes it for good. */
  deleteExperiment(experiment: string): void {
    this.change(experiment, 'deleted', now());
  }

  restoreExperiment(experiment: string): void {
    this.change(experiment, 'deleted', null);
  }

  private change(experiment: string, column: 'name' | 'tags' | 'note' | 'deleted', value: string | null): void {
    this.getExperiment(experiment);
    this.write(() => this.database.prepare(`UPDATE experiments SET ${column} = ? WHERE id = ?`).run(value, experiment));
  }

  /** Leaves a run out from now on. */
  skipRun(run: string): void {
    this.write(() => this.database.prepare('UPDATE runs SET skipped = 1 WHERE id = ?').run(run));
  }

  /** Ids of the runs of experiments that were deleted before a time, unless one of them is being trained. */
  runsDeletedBefore(time: Date): string[] {
    return this.read(() => this.database.prepare<[string], string>(`SELECT id FROM runs WHERE experiment IN (${deletedForGood})`).pluck().all(time.toISOString()));
  }

  /** Removes experiments that were deleted before a time, with everything that their runs recorded. */
  purgeDeleted(time: Date): void {
    this.write(() => this.database.prepare(`DELETE FROM experiments WHERE key IN (${deletedForGood})`).run(time.toISOString()));
  }

  // --- Who writes a run -------------------------------------------------------------------------

  /**
   * Makes this process the writer of a run, which is `running` from then on until an event ends it.
   * Throws a `storage` LabError while another living process writes a run of the same experiment,
   * and a `usage` LabError when the run is finished.
   */
  claim(idOrPrefix: string): Run {
    this.write(() => {
      const run = queries.getRun(this.database, idOrPrefix);
      if (run.state === 'finished') throw new LabError('usage', `Run ${run.id} is finished.`, 'Train its configuration again to get a new run.');
      this.refuseSecondWriter(run);
      this.database
        .prepare(`
          UPDATE runs SET state = 'running', owner_pid = ?, owner_token = ?, ended = NULL, training_seconds = NULL,
            failure_code = NULL, failure_message = NULL, failure_fix = NULL
          WHERE id = ?`)
        .run(this.owner.pid, this.owner.startToken, run.id);
    });
    return this.getRun(idOrPrefix);
  }

  private refuseSecondWriter(run: Run): void {
    const writer = this.foreignWriters().find(({ experiment }) => experiment === run.experiment);
    if (!writer) return;
    const what = writer.id === run.id ? 'it' : `run ${writer.id} of the same experiment`;
    throw new LabError(
      'storage',
      `Run ${run.id} cannot be written now: process ${writer.owner.pid} is training ${what}.`,
      'Wait until it has ended, or stop it; reading is possible meanwhile.',
    );
  }

  /** Takes a run out of `running` when no event of its own will say how it ended. */
  setState(idOrPrefix: string, state: 'queued' | 'stopped' | 'interrupted'): void {
    this.write(() => {
      const run = queries.getRun(this.database, idOrPrefix);
      if (run.state === 'running') this.ownKey(run.id);
      this.release(run.id, state);
    });
  }

  /** Marks running runs whose process is gone; returns their ids. */
  markInterrupted(): string[] {
    const gone = (): RunningRun[] => this.running().filter(({ owner }) => !this.isOwn(owner) && !isAlive(owner));
    if (this.read(gone).length === 0) return [];
    return this.write(() =>
      gone().map(({ id }) => {
        this.release(id, 'interrupted');
        return id;
      }),
    );
  }

  private release(id: string, state: RunState): void {
    this.database
      .prepare(`
        UPDATE runs SET state = ?, owner_pid = NULL, owner_token = NULL, ended = ?,
          failure_code = NULL, failure_message = NULL, failure_fix = NULL
        WHERE id = ?`)
      .run(state, state === 'queued' ? null : now(), id);
  }

  private running(): RunningRun[] {
    return this.database
      .prepare<[], { id: string; experiment: string; owner_pid: number; owner_token: string }>(`
        SELECT runs.id, experiments.id AS experiment, owner_pid, owner_token
        FROM runs JOIN experiments ON experiments.key = runs.experiment
        WHERE state = 'running'`)
      .all()
      .map(({ id, experiment, owner_pid, owner_token }) => ({ id, experiment, owner: { pid: owner_pid, startToken: owner_token } }));
  }

  private foreignWriters(): RunningRun[] {
    return this.running().filter(({ owner }) => !this.isOwn(owner) && isAlive(owner));
  }

  private isOwn({ pid, startToken }: ProcessIdentity): boolean {
    return pid === this.owner.pid && startToken === this.owner.startToken;
  }

  /** The key of a run that this process is writing. */
  private ownKey(id: string): number {
    const key = this.database
      .prepare<[string, number, string], number>("SELECT key FROM runs WHERE id = ? AND state = 'running' AND owner_pid = ? AND owner_token = ?")
      .pluck()
      .get(id, this.owner.pid, this.owner.startToken);
    if (key !== undefined) return key;
    const { state } = queries.getRun(this.database, id);
    throw new LabError('storage', `Run ${id} cannot be written: it is ${state}, and this program is not the one that trains it.`, 'Read it, or wait until it has ended.');
  }

  // --- Measurements -----------------------------------------------------------------------------

  /**
   * Stores what a training process reported, all of it in one transaction. Steps and evaluations
   * that are already there are replaced; a start that resumes first rewinds to its checkpoint.
   * The run must have been claimed by this process.
   */
  record(id: string, ...events: readonly TrainerEvent[]): void {
    this.write(() => {
      for (const event of events) this.recorder.record(this.ownKey(id), event);
    });
  }

  /**
   * Forgets the steps, evaluations and checkpoints of a run after a step. The run must have been
   * claimed by this process.
   */
  rewind(id: string, step: number): void {
    this.write(() => this.recorder.rewind(this.ownKey(id), step));
  }

  stepMetricNames(idOrPrefix: string): string[] {
    return this.readRun(idOrPrefix, (run) => curves.curveNames(this.database, run));
  }

  /** One curve: `loss`, `gradient_norm`, `learning_rate`, a batch metric of the loss, … */
  stepMetrics(idOrPrefix: string, name: string): StepValue[] {
    return this.readRun(idOrPrefix, (run) => curves.stepMetrics(this.database, run, name));
  }

  /** Curves in columns, from the steps after `after` on; names that the run does not have are left out. */
  curves(idOrPrefix: string, names: readonly string[], after = 0): curves.Curves {
    return this.readRun(idOrPrefix, (run) => curves.readCurves(this.database, run, names, after));
  }

  /** Those after a step, in the order of their steps; step 0 is the untrained encoder. */
  evaluations(idOrPrefix: string, after = -1): Evaluation[] {
    return this.readRun(idOrPrefix, (run) => queries.evaluations(this.database, run, after));
  }

  /** How fast a run was over its last steps; null before the first. */
  pace(idOrPrefix: string): Pace | null {
    return this.readRun(idOrPrefix, (run) => readPace(this.database, run));
  }

  /** A metric for each test question, at the evaluation after `step`. */
  perQuery(idOrPrefix: string, step: number, metric: string): QueryResults {
    return this.readRun(idOrPrefix, (run) => queries.queryResults(this.database, run, step, metric));
  }

  /** What a run reported beside steps and evaluations, in order, from the number after `after` on. */
  events(idOrPrefix: string, after = 0): RecordedEvent[] {
    return this.readRun(idOrPrefix, (run) => queries.recordedEvents(this.database, run, after));
  }

  // --- Access -----------------------------------------------------------------------------------

  /** Changes that are all made, or none. */
  atomically<T>(action: () => T): T {
    return this.write(action);
  }

  /** Everything read in `action` is of one moment, whatever other programs write meanwhile. */
  atOneMoment<T>(action: () => T): T {
    return this.read(() => this.database.transaction(action).deferred());
  }

  /** Changes whenever another program has written to the history. */
  foreignChanges(): number {
    return this.read(() => this.database.pragma('data_version', { simple: true }) as number);
  }

  private read<T>(action: () => T): T {
    return explainingErrors(this.home.database, action);
  }

  private readRun<T>(idOrPrefix: string, action: (run: number) => T): T {
    return this.read(() => action(queries.runKey(this.database, idOrPrefix)));
  }

  /** A write waits for its turn at the beginning: a transaction that has read first could not. */
  private write<T>(action: () => T): T {
    return explainingErrors(this.home.database, () => this.database.transaction(action).immediate());
  }

  private insertWithFreshId(suffix: string, insert: (id: string) => void): string {
    for (;;) {
      const id = `${randomCode()}-${suffix}`;
      const taken = this.database.prepare('SELECT 1 FROM runs WHERE id = :id UNION SELECT 1 FROM experiments WHERE id = :id').get({ id });
      if (taken) continue;
      insert(id);
      return id;
    }
  }
}

/** Keys of experiments that were deleted before a time and have no running run. */
const deletedForGood = `
  SELECT key FROM experiments
  WHERE deleted < ? AND NOT EXISTS (SELECT 1 FROM runs WHERE experiment = experiments.key AND state = 'running')`;

interface RunningRun {
  readonly id: string;
  readonly experiment: string;
  readonly owner: ProcessIdentity;
}

/** Without vowels, so that it spells nothing, and without characters that look alike. */
const codeAlphabet = '23456789bcdfghjkmnpqrstvwxz';

function randomCode(): string {
  return Array.from({ length: 4 }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('');
}

function now(): string {
  return new Date().toISOString();
}
