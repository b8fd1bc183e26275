import type { EvaluationEvent } from '../../shared/events.ts';
import type Database from 'better-sqlite3';
import { LabError } from '../../shared/errors.ts';
import type {
  Evaluation,
  Experiment,
  QueryResults,
  RecordedEvent,
  Run,
  RunFilter,
  RunState,
} from '../../shared/history.ts';
import type { EvaluatedSplit } from '../../shared/split.ts';
import { lastStepOf } from './curves.ts';
import { fromBlob, fromColumn } from './figures.ts';

/** Reads experiments, runs and their records, except curves and overviews. Runs are found by id or unique prefix. */

// --- Experiments and runs -----------------------------------------------------------------------

interface ExperimentRow {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly dataset_name: string;
  readonly dataset_hash: string;
  readonly configuration: string;
  readonly states: string;
}

const selectExperiments = `
  SELECT experiments.*, (SELECT json_group_array(DISTINCT state) FROM runs WHERE experiment = experiments.key) AS states
  FROM experiments`;

/** Those that are not deleted, in the order of their creation. */
export function listExperiments(database: Database.Database): Experiment[] {
  return database
    .prepare<[], ExperimentRow>(`${selectExperiments} WHERE deleted IS NULL ORDER BY key`)
    .all()
    .map(experimentOfRow);
}

/** Finds an experiment by its full id. Throws a `usage` LabError if it does not exist. */
export function getExperiment(database: Database.Database, id: string): Experiment {
  const row = database.prepare<[string], ExperimentRow>(`${selectExperiments} WHERE id = ?`).get(id);
  if (row) return experimentOfRow(row);
  throw new LabError(
    'usage',
    `Experiment "${id}" does not exist.`,
    'It may have been deleted. Choose one from the list of experiments.',
  );
}

function experimentOfRow(row: ExperimentRow): Experiment {
  return {
    id: row.id,
    name: row.name,
    created: row.created,
    dataset: { name: row.dataset_name, hash: row.dataset_hash },
    configuration: JSON.parse(row.configuration),
    state: stateOfExperiment(JSON.parse(row.states)),
  };
}

const byAttention: readonly RunState[] = ['running', 'failed', 'interrupted', 'stopped', 'queued', 'finished'];

function stateOfExperiment(states: readonly RunState[]): RunState {
  return byAttention.find((state) => states.includes(state)) ?? 'queued';
}

interface RunRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly dataset_name: string;
  readonly dataset_hash: string;
  readonly name: string;
  readonly recipe: string;
  readonly seed: number;
  readonly configuration: string;
  readonly state: RunState;
  readonly device: 'cpu' | 'webgpu' | null;
  readonly device_reason: string;
  readonly parameters: number;
  readonly steps: number;
  readonly steps_per_epoch: number;
  readonly train_questions: number;
  readonly test_questions: number;
  readonly hashes: string;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly steps_done: number;
  readonly training_seconds_known: number;
  readonly peak_memory_bytes: number | null;
  readonly encoder: string | null;
  readonly failure_code: NonNullable<Run['failure']>['code'] | null;
  readonly failure_message: string;
  readonly failure_fix: string;
  readonly interruption: string | null;
  readonly skipped: 0 | 1;
}

// The training time of an unfinished run is that of its last step.
const selectRuns = `
  SELECT runs.*, experiments.id AS experiment_id, dataset_name, dataset_hash,
    coalesce(${lastStepOf('runs.key')}, 0) AS steps_done,
    coalesce(
      training_seconds,
      (SELECT value FROM step_metrics WHERE run = runs.key AND name = 'training_seconds' ORDER BY step DESC LIMIT 1),
      0
    ) AS training_seconds_known
  FROM runs JOIN experiments ON experiments.key = runs.experiment`;

/** In the order of their creation; runs of a deleted experiment only if `experiment` names it. */
export function listRuns(database: Database.Database, filter: RunFilter = {}): Run[] {
  const rows = database
    .prepare<[object], RunRow>(
      `${selectRuns}
      WHERE CASE WHEN :experiment IS NULL THEN deleted IS NULL ELSE experiments.id = :experiment END
        AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
      ORDER BY runs.key`,
    )
    .all({ experiment: filter.experiment ?? null, states: filter.states ? JSON.stringify(filter.states) : null });
  return rows.map(runOfRow);
}

/** Throws a `usage` LabError with candidates unless exactly one run matches. */
export function getRun(database: Database.Database, idOrPrefix: string): Run {
  return runOfRow(
    database.prepare<[number], RunRow>(`${selectRuns} WHERE runs.key = ?`).get(runKey(database, idOrPrefix))!,
  );
}

function runOfRow(row: RunRow): Run {
  return {
    id: row.id,
    experiment: row.experiment_id,
    dataset: { name: row.dataset_name, hash: row.dataset_hash },
    name: row.name,
    recipe: JSON.parse(row.recipe),
    seed: row.seed,
    configuration: JSON.parse(row.configuration),
    state: row.state,
    skipped: row.skipped === 1,
    created: row.created,
    started: row.started,
    ended: row.ended,
    start: row.device && {
      device: row.device,
      device_reason: row.device_reason,
      parameters: row.parameters,
      steps: row.steps,
      steps_per_epoch: row.steps_per_epoch,
      train_questions: row.train_questions,
      test_questions: row.test_questions,
      hashes: JSON.parse(row.hashes),
    },
    steps_done: row.steps_done,
    training_seconds: row.training_seconds_known,
    peak_memory_bytes: row.peak_memory_bytes,
    encoder: row.encoder,
    failure: row.failure_code
      ? { code: row.failure_code, message: row.failure_message, fix: row.failure_fix }
      : (JSON.parse(row.interruption ?? 'null') as Run['failure']),
  };
}

/** Runs that can be named by a prefix of their id. */
const keptRuns = `
  SELECT runs.key, runs.id FROM runs JOIN experiments ON experiments.key = runs.experiment
  WHERE deleted IS NULL`;

/**
 * The key of the only run with this id or prefix. A run of a deleted experiment, which can still be restored, is found
 * only by its full id.
 */
export function runKey(database: Database.Database, idOrPrefix: string): number {
  type Candidate = { key: number; id: string };
  const exact = database.prepare<[string], Candidate>('SELECT key, id FROM runs WHERE id = ?').get(idOrPrefix);
  if (exact) return exact.key;
  const candidates = idOrPrefix
    ? database
        .prepare<[string, string], Candidate>(`${keptRuns} AND substr(runs.id, 1, length(?)) = ? ORDER BY runs.key`)
        .all(idOrPrefix, idOrPrefix)
    : [];
  if (candidates.length === 1) return candidates[0]!.key;
  if (candidates.length > 1) {
    throw new LabError(
      'usage',
      `"${idOrPrefix}" matches ${candidates.length} runs: ${someIds(candidates)}.`,
      'Give more characters of the id.',
    );
  }
  const newest = database.prepare<[], Candidate>(`${keptRuns} ORDER BY runs.key DESC LIMIT 9`).all();
  throw new LabError(
    'usage',
    `Run "${idOrPrefix}" does not exist.`,
    newest.length ? `The newest runs: ${someIds(newest)}.` : 'No runs yet. "losslab train" creates runs.',
  );
}

function someIds(candidates: readonly { id: string }[]): string {
  const shown = candidates
    .slice(0, 8)
    .map(({ id }) => id)
    .join(', ');
  return candidates.length > 8 ? `${shown}, …` : shown;
}

// --- Measurements -------------------------------------------------------------------------------

/** Evaluations on a split after a step, in the order of their steps. */
export function evaluations(
  database: Database.Database,
  run: number,
  after: number,
  split: EvaluatedSplit,
): Evaluation[] {
  const metrics = new Map<number, Record<string, number>>();
  const metricRows = database
    .prepare<[number, EvaluatedSplit, number], { step: number; name: string; value: number | null }>(
      'SELECT step, name, value FROM evaluation_metrics WHERE run = ? AND split = ? AND step > ?',
    )
    .all(run, split, after);
  for (const { step, name, value } of metricRows) {
    const ofStep = metrics.get(step) ?? {};
    ofStep[name] = fromColumn(value);
    metrics.set(step, ofStep);
  }
  return database
    .prepare<[number, EvaluatedSplit, number], Omit<Evaluation, 'metrics'>>(
      'SELECT step, epoch, seconds, training_seconds FROM evaluations WHERE run = ? AND split = ? AND step > ? ORDER BY step',
    )
    .all(run, split, after)
    .map((evaluation) => ({ ...evaluation, metrics: metrics.get(evaluation.step) ?? {} }));
}

/** Every metric of an evaluation on a split for each question; null if none was stored. */
export function allQueryResults(
  database: Database.Database,
  run: number,
  step: number,
  split: EvaluatedSplit,
): EvaluationEvent['per_query'] | null {
  const rows = database
    .prepare<[number, EvaluatedSplit, number], { question_ids: string; metric: string; values: Buffer }>(
      `
      SELECT question_ids, metric, "values"
      FROM query_results
      JOIN evaluations USING (run, split, step)
      JOIN question_lists ON question_lists.hash = evaluations.questions
      WHERE run = ? AND split = ? AND step = ?`,
    )
    .all(run, split, step);
  const [first] = rows;
  return first
    ? {
        question_ids: JSON.parse(first.question_ids),
        values: Object.fromEntries(rows.map(({ metric, values }) => [metric, fromBlob(values)])),
      }
    : null;
}

/** Throws a `usage` LabError that lists the existing steps if these values were not stored. */
export function queryResults(
  database: Database.Database,
  run: number,
  step: number,
  metric: string,
  split: EvaluatedSplit,
): QueryResults {
  const row = database
    .prepare<[number, EvaluatedSplit, number, string], { question_ids: string; values: Buffer }>(
      `
      SELECT question_ids, "values"
      FROM query_results
      JOIN evaluations USING (run, split, step)
      JOIN question_lists ON question_lists.hash = evaluations.questions
      WHERE run = ? AND split = ? AND step = ? AND metric = ?`,
    )
    .get(run, split, step, metric);
  if (row) return { question_ids: JSON.parse(row.question_ids), values: fromBlob(row.values) };
  const steps = database
    .prepare<[number, EvaluatedSplit, string], number>(
      'SELECT step FROM query_results WHERE run = ? AND split = ? AND metric = ? ORDER BY step',
    )
    .pluck()
    .all(run, split, metric);
  throw new LabError(
    'usage',
    `The run has no values of "${metric}" per question at step ${step}.`,
    steps.length ? `They exist at these steps: ${steps.join(', ')}.` : `They do not exist at any step.`,
  );
}

/** Events with a higher number, in order. */
export function recordedEvents(database: Database.Database, run: number, after = 0): RecordedEvent[] {
  return database
    .prepare<[number, number], { id: string; seq: number; time: string; data: string }>(
      'SELECT id, seq, time, data FROM events JOIN runs ON runs.key = events.run WHERE run = ? AND seq > ? ORDER BY seq',
    )
    .all(run, after)
    .map(({ id, seq, time, data }) => ({ seq, time, event: { run: id, ...JSON.parse(data) } }));
}
