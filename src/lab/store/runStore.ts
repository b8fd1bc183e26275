import { randomInt } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { ExperimentDraft } from '../../shared/contract/experiments.ts';
import type { DiagnosedStep } from '../../shared/diagnostics.ts';
import { LabError } from '../../shared/errors.ts';
import type { EvaluationEvent, TrainerEvent } from '../../shared/events.ts';
import type {
  Evaluation,
  Experiment,
  NewExperiment,
  NewRun,
  QueryResults,
  RecordedEvent,
  Run,
  RunFilter,
  RunState,
  StepValue,
} from '../../shared/history.ts';
import type { EvaluatedSplit } from '../../shared/split.ts';
import * as curves from './curves.ts';
import { explainingErrors, openDatabase } from './database.ts';
import { diagnosedSteps } from './diagnostics.ts';
import type { Home } from '../files/home.ts';
import { Ownership } from './ownership.ts';
import { readPace, type Pace } from './pace.ts';
import * as queries from './queries.ts';
import * as sends from './sends.ts';
import { createRecorder, type Recorder } from './recording.ts';
import { draftOf, listOverviews, type ExperimentOverview } from './summaries.ts';

/**
 * Opens the history of a home folder (see `openHome`), creates it on first use, and marks runs whose process has ended
 * as interrupted. Throws a `storage` LabError if it cannot be used.
 */
export function openStore(home: Home): Store {
  const store = new Store(home, openDatabase(home));
  store.markInterrupted();
  return store;
}

/**
 * The history of experiments and runs. Several programs can read and write it at the same time; only the process that
 * claimed a run writes it. Methods that take a run accept a unique prefix of its id, and throw a `usage` LabError
 * unless exactly one run matches.
 */
export class Store implements Disposable {
  readonly home: Home;
  readonly #database: Database.Database;
  readonly #recorder: Recorder;
  readonly #ownership: Ownership;

  constructor(home: Home, database: Database.Database) {
    this.home = home;
    this.#database = database;
    this.#recorder = createRecorder(database);
    this.#ownership = new Ownership(database);
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // --- Experiments and runs ---------------------------------------------------------------------

  /** `draft` is the draft from a screen. */
  createExperiment(experiment: NewExperiment, draft: ExperimentDraft | null = null): Experiment {
    const id = this.#write(() =>
      this.#insertWithFreshId('experiment', (id) =>
        this.#database
          .prepare(
            'INSERT INTO experiments (id, name, created, dataset_name, dataset_hash, configuration, draft) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(
            id,
            experiment.name,
            now(),
            experiment.dataset.name,
            experiment.dataset.hash,
            JSON.stringify(experiment.configuration),
            draft && JSON.stringify(draft),
          ),
      ),
    );
    return this.getExperiment(id);
  }

  /** Finds an experiment by its full id, deleted or not. Throws a `usage` LabError if it does not exist. */
  getExperiment(id: string): Experiment {
    return this.#read(() => queries.getExperiment(this.#database, id));
  }

  /** Experiments that are not deleted, in the order of their creation. */
  listExperiments(): Experiment[] {
    return this.#read(() => queries.listExperiments(this.#database));
  }

  /** Adds a queued run with the name of its configuration. */
  createRun({ experiment, configuration }: NewRun): Run {
    const { recipe } = configuration;
    const id = this.#write(() =>
      this.#insertWithFreshId(recipe.loss.name, (id) => {
        const { changes } = this.#database
          .prepare(
            `
            INSERT INTO runs (id, experiment, name, recipe, seed, configuration, state, created)
            SELECT ?, key, ?, ?, ?, ?, 'queued', ? FROM experiments WHERE id = ?`,
          )
          .run(
            id,
            configuration.name,
            JSON.stringify(recipe),
            configuration.seed,
            JSON.stringify(configuration),
            now(),
            experiment,
          );
        if (changes === 0) throw new LabError('usage', `Experiment "${experiment}" does not exist.`);
      }),
    );
    return this.getRun(id);
  }

  /** Summaries of experiments that are not deleted, newest first. */
  listOverviews(): ExperimentOverview[] {
    return this.#read(() => listOverviews(this.#database, this.#ownership.self));
  }

  overviewOf(experiment: string): ExperimentOverview {
    this.getExperiment(experiment);
    return this.#read(() => listOverviews(this.#database, this.#ownership.self, experiment)[0]!);
  }

  /** The draft of an experiment from a screen; null for one from the command line. */
  draftOf(experiment: string): ExperimentDraft | null {
    return this.#read(() => draftOf(this.#database, experiment));
  }

  /** In the order of their creation; runs of a deleted experiment only if `experiment` names it. */
  listRuns(filter: RunFilter = {}): Run[] {
    return this.#read(() => queries.listRuns(this.#database, filter));
  }

  getRun(idOrPrefix: string): Run {
    return this.#read(() => queries.getRun(this.#database, idOrPrefix));
  }

  // --- What people change -----------------------------------------------------------------------

  rename(experiment: string, name: string): void {
    this.#change(experiment, 'name', name);
  }

  setTags(experiment: string, tags: readonly string[]): void {
    this.#change(experiment, 'tags', JSON.stringify(tags));
  }

  setNote(experiment: string, note: string): void {
    this.#change(experiment, 'note', note);
  }

  /** Hides an experiment from lists; `purgeDeleted` deletes it permanently. */
  deleteExperiment(experiment: string): void {
    this.#change(experiment, 'deleted', now());
  }

  restoreExperiment(experiment: string): void {
    this.#change(experiment, 'deleted', null);
  }

  #change(experiment: string, column: 'name' | 'tags' | 'note' | 'deleted', value: string | null): void {
    this.getExperiment(experiment);
    this.#write(() =>
      this.#database.prepare(`UPDATE experiments SET ${column} = ? WHERE id = ?`).run(value, experiment),
    );
  }

  /** Skips a run from now on. */
  skipRun(run: string): void {
    this.#write(() => this.#database.prepare('UPDATE runs SET skipped = 1 WHERE id = ?').run(run));
  }

  /** Ids of the runs of experiments that were deleted before a time; not if one of their runs is in training. */
  runsDeletedBefore(time: Date): string[] {
    return this.#read(() =>
      this.#database
        .prepare<[string], string>(`SELECT id FROM runs WHERE experiment IN (${deletedForGood})`)
        .pluck()
        .all(time.toISOString()),
    );
  }

  /** Permanently removes experiments that were deleted before a time, with all records of their runs. */
  purgeDeleted(time: Date): void {
    this.#write(() =>
      this.#database.prepare(`DELETE FROM experiments WHERE key IN (${deletedForGood})`).run(time.toISOString()),
    );
  }

  // --- Who writes a run -------------------------------------------------------------------------

  /**
   * Makes this process the writer of a run, which is then `running` until an event ends it. Throws a `storage` LabError
   * while another running process writes a run of the same experiment, and a `usage` LabError if the run is finished.
   */
  claim(idOrPrefix: string): Run {
    this.#write(() => this.#ownership.claim(queries.getRun(this.#database, idOrPrefix)));
    return this.getRun(idOrPrefix);
  }

  /** Ends a `running` run that will not report its own end. */
  setState(idOrPrefix: string, state: 'queued' | 'stopped' | 'interrupted'): void {
    this.#write(() => {
      const run = queries.getRun(this.#database, idOrPrefix);
      if (run.state === 'running') this.#ownership.ownKey(run.id);
      this.#ownership.release(run.id, state, state === 'queued' ? null : now());
    });
  }

  /** Marks running runs whose process has ended; returns their ids. */
  markInterrupted(): string[] {
    if (this.#read(() => this.#ownership.abandoned()).length === 0) return [];
    return this.#write(() => {
      const gone = this.#ownership.abandoned();
      for (const id of gone) this.#ownership.release(id, 'interrupted', now());
      return gone;
    });
  }

  // --- Measurements -----------------------------------------------------------------------------

  /**
   * Stores the reports of a training process in one transaction. Existing steps and evaluations are replaced. The start
   * of a resumed run first rewinds to its checkpoint. This process must have claimed the run.
   */
  record(id: string, ...events: readonly TrainerEvent[]): void {
    this.#write(() => {
      for (const event of events) this.#recorder.record(this.#ownership.ownKey(id), event);
    });
  }

  /** Deletes the steps, evaluations and checkpoints of a run after a step. This process must have claimed the run. */
  rewind(id: string, step: number): void {
    this.#write(() => this.#recorder.rewind(this.#ownership.ownKey(id), step));
  }

  stepMetricNames(idOrPrefix: string): string[] {
    return this.#readRun(idOrPrefix, (run) => curves.curveNames(this.#database, run));
  }

  /** One curve: `loss`, `gradient_norm`, `learning_rate`, a batch metric of the loss, … */
  stepMetrics(idOrPrefix: string, name: string): StepValue[] {
    return this.#readRun(idOrPrefix, (run) => curves.stepMetrics(this.#database, run, name));
  }

  /** Curves in columns, from the steps after `after` on; skips names that the run does not have. */
  curves(idOrPrefix: string, names: readonly string[], after = 0): curves.Curves {
    return this.#readRun(idOrPrefix, (run) => curves.readCurves(this.#database, run, names, after));
  }

  /** Those on a split after a step, in the order of their steps; step 0 is the untrained encoder. */
  evaluations(idOrPrefix: string, after = -1, split: EvaluatedSplit = 'test'): Evaluation[] {
    return this.#readRun(idOrPrefix, (run) => queries.evaluations(this.#database, run, after, split));
  }

  /** The evaluations with diagnostics on a split after a step; runs of older versions have none. */
  diagnosedSteps(idOrPrefix: string, after = -1, split: EvaluatedSplit = 'test'): DiagnosedStep[] {
    return this.#readRun(idOrPrefix, (run) => diagnosedSteps(this.#database, run, after, split));
  }

  /** The speed of a run over its last steps; null before the first. */
  pace(idOrPrefix: string): Pace | null {
    return this.#readRun(idOrPrefix, (run) => readPace(this.#database, run));
  }

  /** A metric for each question of a split, at the evaluation after `step`. */
  perQuery(idOrPrefix: string, step: number, metric: string, split: EvaluatedSplit = 'test'): QueryResults {
    return this.#readRun(idOrPrefix, (run) => queries.queryResults(this.#database, run, step, metric, split));
  }

  /** Every metric for each question of a split, at the evaluation after `step`; null if there was none. */
  allPerQuery(idOrPrefix: string, step: number, split: EvaluatedSplit = 'test'): EvaluationEvent['per_query'] | null {
    return this.#readRun(idOrPrefix, (run) => queries.allQueryResults(this.#database, run, step, split));
  }

  /** All other events of a run with numbers above `after`, in order. */
  events(idOrPrefix: string, after = 0): RecordedEvent[] {
    return this.#readRun(idOrPrefix, (run) => queries.recordedEvents(this.#database, run, after));
  }

  // --- What other programs are sent -------------------------------------------------------------

  /** Remembers that a run is sent to a server, so that what does not arrive is sent later. */
  rememberSend(idOrPrefix: string, target: sends.SendTarget): void {
    this.#write(() => sends.rememberSend(this.#database, queries.runKey(this.#database, idOrPrefix), target));
  }

  /** All of a run has arrived on a server, as it was in this state. */
  confirmSend(idOrPrefix: string, target: sends.SendTarget, state: RunState): void {
    this.#write(() => sends.confirmSend(this.#database, queries.runKey(this.#database, idOrPrefix), target, state));
  }

  noteFailedSend(idOrPrefix: string, target: sends.SendTarget): void {
    this.#write(() => sends.noteFailedSend(this.#database, queries.runKey(this.#database, idOrPrefix), target, now()));
  }

  /** The servers that a run is sent to. */
  sendTargets(idOrPrefix: string): sends.SendTarget[] {
    return this.#readRun(idOrPrefix, (run) => sends.sendTargets(this.#database, run));
  }

  /** Runs that have ended and have not arrived completely, by server. */
  pendingSends(): sends.PendingSend[] {
    return this.#read(() => sends.pendingSends(this.#database));
  }

  // --- Access -----------------------------------------------------------------------------------

  /** Runs `action` in a transaction: all of its changes are made, or none. */
  atomically<T>(action: () => T): T {
    return this.#write(action);
  }

  /** Runs `action` in a read transaction: everything it reads is from one moment. */
  atOneMoment<T>(action: () => T): T {
    return this.#read(() => this.#database.transaction(action).deferred());
  }

  /** A number that changes when another program writes to the history. */
  foreignChanges(): number {
    return this.#read(() => this.#database.pragma('data_version', { simple: true }) as number);
  }

  #read<T>(action: () => T): T {
    return explainingErrors(this.home.database, action);
  }

  #readRun<T>(idOrPrefix: string, action: (run: number) => T): T {
    return this.#read(() => action(queries.runKey(this.#database, idOrPrefix)));
  }

  /** A write transaction waits at its beginning: one that has read first could not wait. */
  #write<T>(action: () => T): T {
    return explainingErrors(this.home.database, () => this.#database.transaction(action).immediate());
  }

  #insertWithFreshId(suffix: string, insert: (id: string) => void): string {
    for (;;) {
      const id = `${randomCode()}-${suffix}`;
      const taken = this.#database
        .prepare('SELECT 1 FROM runs WHERE id = :id UNION SELECT 1 FROM experiments WHERE id = :id')
        .get({ id });
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

/** No vowels, so that codes do not form words, and no characters that look alike. */
const codeAlphabet = '23456789bcdfghjkmnpqrstvwxz';

function randomCode(): string {
  return Array.from({ length: 4 }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('');
}

function now(): string {
  return new Date().toISOString();
}
