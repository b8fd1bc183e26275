import type Database from 'better-sqlite3';
import type { DiagnosedStep } from '../../shared/diagnostics.ts';
import type { EvaluatedSplit } from '../../shared/split.ts';

/** The evaluations with diagnostics of a run on a split after a step, in the order of their steps. */
export function diagnosedSteps(
  database: Database.Database,
  run: number,
  after: number,
  split: EvaluatedSplit,
): DiagnosedStep[] {
  return database
    .prepare<[number, EvaluatedSplit, number], { step: number; training_seconds: number; data: string }>(
      `
      SELECT step, training_seconds, data FROM evaluation_diagnostics JOIN evaluations USING (run, split, step)
      WHERE run = ? AND split = ? AND step > ? ORDER BY step`,
    )
    .all(run, split, after)
    .map(({ data, ...evaluation }) => ({
      ...evaluation,
      diagnostics: JSON.parse(data) as DiagnosedStep['diagnostics'],
    }));
}
