import type Database from 'better-sqlite3';
import type { StepValue } from '../../shared/history.ts';
import { fromColumn } from './figures.ts';

/** Curves: the measurements at the steps of a run, by name. */

/** Curves over one axis. NaN means that a step has no value or that the value is not a number. */
export interface Curves {
  /** Ascending. */
  readonly steps: Float64Array;
  readonly columns: Record<string, Float64Array>;
}

/** Every step has this value, so its steps are those of the run. */
const axis = 'training_seconds';

/** SQL for the last step of a run in `step_metrics`; NULL if there is none. */
export const lastStepOf = (run: string): string =>
  `(SELECT max(step) FROM step_metrics WHERE run = ${run} AND name = '${axis}')`;

/** Names, ascending. Jumps from name to name in the index, without reading values. */
export function curveNames(database: Database.Database, run: number): string[] {
  return database
    .prepare<[{ run: number }], string>(
      `
      WITH RECURSIVE names (name) AS (
        SELECT (SELECT min(name) FROM step_metrics WHERE run = :run)
        UNION ALL
        SELECT (SELECT min(name) FROM step_metrics WHERE run = :run AND name > names.name) FROM names WHERE name IS NOT NULL
      )
      SELECT name FROM names WHERE name IS NOT NULL`,
    )
    .pluck()
    .all({ run });
}

export function stepMetrics(database: Database.Database, run: number, name: string): StepValue[] {
  return readCurve(database, run, name, 0).map(([step, value]) => ({ step, value: fromColumn(value) }));
}

/** The named curves after a step; skips names that the run does not have. */
export function readCurves(database: Database.Database, run: number, names: readonly string[], after = 0): Curves {
  const steps = toArray(column(database, 'step', run, axis, after));
  const columns: Record<string, Float64Array> = {};
  for (const name of names) {
    const values = column(database, 'value', run, name, after);
    if (values.length === 0) continue;
    // Every value belongs to a step of the axis, so equal numbers mean one value per step.
    const complete = values.length === steps.length;
    columns[name] = complete ? toArray(values) : alignedTo(steps, readCurve(database, run, name, after));
  }
  return { steps, columns };
}

/** One column of a curve: single values are faster to fetch than rows. */
function column(
  database: Database.Database,
  which: 'step' | 'value',
  run: number,
  name: string,
  after: number,
): (number | null)[] {
  return database
    .prepare<[number, string, number], number | null>(
      `SELECT ${which} FROM step_metrics WHERE run = ? AND name = ? AND step > ? ORDER BY step`,
    )
    .pluck()
    .all(run, name, after);
}

/** A loop, because `Float64Array.from` with a function takes longer than reading the values. */
function toArray(values: readonly (number | null)[]): Float64Array {
  const array = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) array[row] = fromColumn(values[row]!);
  return array;
}

type Point = [step: number, value: number | null];

function readCurve(database: Database.Database, run: number, name: string, after: number): Point[] {
  return database
    .prepare<[number, string, number], Point>(
      'SELECT step, value FROM step_metrics WHERE run = ? AND name = ? AND step > ? ORDER BY step',
    )
    .raw()
    .all(run, name, after);
}

function alignedTo(steps: Float64Array, points: readonly Point[]): Float64Array {
  const values = new Float64Array(steps.length).fill(NaN);
  let row = 0;
  for (const [step, value] of points) {
    while (steps[row]! < step) row++;
    values[row] = fromColumn(value);
  }
  return values;
}
