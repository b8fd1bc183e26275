import type Database from 'better-sqlite3';
import type { DiagnosedStep } from '../../shared/diagnostics.ts';

/** The diagnosed evaluations of a run after a step, in the order of their steps. */
export function diagnosedSteps(database: Database.Database, run: number, after = -1): DiagnosedStep[] {
  return database
    .prepare<[number, number], { step: number; training_seconds: number; data: string }>(
      `
      SELECT step, training_seconds, data FROM evaluation_diagnostics JOIN evaluations USING (run, step)
      WHERE run = ? AND step > ? ORDER BY step`,
    )
    .all(run, after)
    .map(({ data, ...evaluation }) => ({
      ...evaluation,
      diagnostics: JSON.parse(data) as DiagnosedStep['diagnostics'],
    }));
}
