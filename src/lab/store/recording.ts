import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { EvaluationEvent, StepEvent, TrainerEvent } from '../../shared/events.ts';
import { toBlob, toColumn } from './figures.ts';
import type { RunState } from '../../shared/history.ts';

type EventOf<T extends TrainerEvent['type']> = Extract<TrainerEvent, { type: T }>;

/** Stores the reports of a training process. The caller opens and closes the transaction. */
export interface Recorder {
  /** `run` is the key of the run. Storing a step or an evaluation again replaces it. */
  record(run: number, event: TrainerEvent): void;
  /** Deletes steps, evaluations, checkpoints and findings after `step`. */
  rewind(run: number, step: number): void;
}

export function createRecorder(database: Database.Database): Recorder {
  const insertStepMetric = database.prepare(
    'INSERT OR REPLACE INTO step_metrics (run, name, step, value) VALUES (?, ?, ?, ?)',
  );
  const insertQuestionList = database.prepare(
    'INSERT OR IGNORE INTO question_lists (hash, question_ids) VALUES (?, ?)',
  );
  // Replacing an evaluation deletes its metrics and per-query results.
  const insertEvaluation = database.prepare(
    'INSERT OR REPLACE INTO evaluations (run, split, step, epoch, seconds, training_seconds, questions) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const insertEvaluationMetric = database.prepare(
    'INSERT INTO evaluation_metrics (run, split, step, name, value) VALUES (?, ?, ?, ?, ?)',
  );
  const insertQueryResults = database.prepare(
    'INSERT INTO query_results (run, split, step, metric, "values") VALUES (?, ?, ?, ?, ?)',
  );
  const insertDiagnostics = database.prepare(
    'INSERT INTO evaluation_diagnostics (run, split, step, data) VALUES (?, ?, ?, ?)',
  );
  // Only a repeated checkpoint conflicts, and a second finding of one kind.
  const insertEvent = database.prepare(`
    INSERT INTO events (run, seq, time, type, step, data)
    VALUES (:run, (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE run = :run), :time, :type, :step, :data)
    ON CONFLICT DO NOTHING`);
  const updateStart = database.prepare(`
    UPDATE runs SET device = :device, device_reason = :device_reason, parameters = :parameters, steps = :steps,
      steps_per_epoch = :steps_per_epoch, train_questions = :train_questions, test_questions = :test_questions,
      hashes = :hashes, started = coalesce(started, :time)
    WHERE key = :run`);
  const updateEnd = database.prepare(`
    UPDATE runs SET state = :state, ended = :time, owner_pid = NULL, owner_token = NULL,
      training_seconds = :training_seconds, peak_memory_bytes = :peak_memory_bytes, encoder = :encoder,
      failure_code = :code, failure_message = :message, failure_fix = :fix, interruption = :interruption
    WHERE key = :run`);
  const rewindStatements = [
    'DELETE FROM step_metrics WHERE run = ? AND step > ?',
    'DELETE FROM evaluations WHERE run = ? AND step > ?',
    "DELETE FROM events WHERE run = ? AND step > ? AND type IN ('checkpoint', 'health')",
  ].map((statement) => database.prepare(statement));

  const rewind = (run: number, step: number): void => rewindStatements.forEach((statement) => statement.run(run, step));

  function recordStep(run: number, event: StepEvent): void {
    for (const [name, value] of Object.entries(stepFigures(event)))
      insertStepMetric.run(run, name, event.step, toColumn(value));
  }

  function recordEvaluation(run: number, event: EvaluationEvent): void {
    const { split, step, epoch, seconds, training_seconds, metrics } = event;
    const { question_ids, values } = event.per_query;
    const questions = JSON.stringify(question_ids);
    const hash = createHash('sha256').update(questions).digest('hex');
    insertQuestionList.run(hash, questions);
    insertEvaluation.run(run, split, step, epoch, seconds, training_seconds, hash);
    if (event.diagnostics) insertDiagnostics.run(run, split, step, JSON.stringify(event.diagnostics));
    for (const [name, value] of Object.entries(metrics))
      insertEvaluationMetric.run(run, split, step, name, toColumn(value));
    for (const [metric, perQuestion] of Object.entries(values)) {
      if (perQuestion.length !== question_ids.length) {
        throw new RangeError(`${metric} has ${perQuestion.length} values for ${question_ids.length} questions`);
      }
      insertQueryResults.run(run, split, step, metric, toBlob(perQuestion));
    }
  }

  function recordStart(run: number, event: EventOf<'started'>, time: string): void {
    const { run: _, type: __, resumed_at, hashes, ...start } = event;
    updateStart.run({ ...start, hashes: JSON.stringify(hashes), run, time });
    // A resumed run repeats what it did after its checkpoint.
    rewind(run, resumed_at);
  }

  function recordEnd(run: number, state: RunState, time: string, known: Partial<EndColumns>): void {
    updateEnd.run({ ...nothingKnown, ...known, run, state, time });
  }

  function log(run: number, event: TrainerEvent, time: string): void {
    const { run: _, ...data } = event;
    insertEvent.run({
      run,
      time,
      type: event.type,
      step: 'step' in event ? event.step : null,
      data: JSON.stringify(data),
    });
  }

  function record(run: number, event: TrainerEvent): void {
    const time = new Date().toISOString();
    switch (event.type) {
      case 'phase':
        return;
      case 'step':
        return recordStep(run, event);
      case 'evaluation':
        return recordEvaluation(run, event);
      case 'started':
        // Logged before the rewind deletes later checkpoints, so that event numbers are never used twice.
        log(run, event, time);
        return recordStart(run, event, time);
      case 'finished':
        recordEnd(run, 'finished', time, {
          training_seconds: event.training_seconds,
          peak_memory_bytes: Math.round(event.peak_memory_bytes),
          encoder: event.encoder,
        });
        break;
      case 'stopped':
        recordEnd(run, 'stopped', time, {});
        break;
      case 'interrupted':
        recordEnd(run, 'interrupted', time, {
          interruption: JSON.stringify({ code: event.code, message: event.message, fix: event.fix }),
        });
        break;
      case 'failed':
        recordEnd(run, 'failed', time, { code: event.code, message: event.message, fix: event.fix });
        break;
      case 'notice':
      case 'health':
      case 'checkpoint':
        break;
      default:
        return event satisfies never;
    }
    log(run, event, time);
  }

  return { record, rewind };
}

/** Every figure of a step by name, including batch metrics of the loss. */
function stepFigures(event: StepEvent): Record<string, number> {
  const { run: _, type: __, step: ___, metrics, ...figures } = event;
  return { ...metrics, ...figures };
}

interface EndColumns {
  readonly training_seconds: number | null;
  readonly peak_memory_bytes: number | null;
  readonly encoder: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly fix: string | null;
  readonly interruption: string | null;
}

const nothingKnown: EndColumns = {
  training_seconds: null,
  peak_memory_bytes: null,
  encoder: null,
  code: null,
  message: null,
  fix: null,
  interruption: null,
};
