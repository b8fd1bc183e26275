import { isBaseline, type Row, type RowsBy } from './rows.ts';
import type { MetricName } from '../metrics.ts';
import { spreadOf, type Spread } from '../spread.ts';
import type { Column } from './columns.ts';

/** Which evaluation stands for a run, and which figure is marked: one rule for every table, chart and file. */
export type Moment = 'best' | 'last';

/**
 * A run by itself is shown where it was best, each metric at its own evaluation, with the step of it. Seeds that are one
 * recipe are shown at their last evaluations, as the verdict judges them: the best of each would be chosen by the
 * questions that it is judged by.
 */
export function momentOf(by: RowsBy): Moment {
  return by === 'run' ? 'best' : 'last';
}

export const momentTitles: Readonly<Record<Moment, string>> = {
  best: 'Each metric at its own best',
  last: 'At the last evaluation of each run',
};

/** A metric of a row; null where it was not measured. */
export function metricOf(row: Row, metric: MetricName, moment: Moment): Spread | null {
  switch (row.kind) {
    case 'recipe':
      return row.recipe[moment][metric] ?? null;
    case 'run':
      return spreadOf([runMetric(row.run, metric, moment) ?? NaN]);
    default:
      return row.metrics?.[metric] ?? null;
  }
}

/** As it was measured, which may be no number; null where it was not. */
export function runMetric({ best, last }: Row['runs'][number], metric: MetricName, moment: Moment): number | null {
  return (moment === 'best' ? best[metric]?.value : last[metric]) ?? null;
}

/** The highest figure of each column that is ranked, baselines included; none where rows began from different encoders. */
export function highestOf(rows: readonly Row[], columns: readonly Column[]): ReadonlyMap<string, number> {
  if (!areComparable(rows)) return new Map();
  return new Map(
    columns
      .filter(({ ranked }) => ranked)
      .map(({ key, value }) => [key, Math.max(-Infinity, ...rows.map(value).filter(isFiniteNumber))]),
  );
}

/** Whether one untrained encoder is what all rows began from. */
export function areComparable(rows: readonly Row[]): boolean {
  return rows.filter(({ kind }) => kind === 'untrained').length < 2;
}

/** Whether the figure of a row is the highest of its column. */
export function isHighest(row: Row, { key, value }: Column, highest: ReadonlyMap<string, number>): boolean {
  const figure = value(row);
  return figure !== null && figure === highest.get(key);
}

function isFiniteNumber(value: string | number | null): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Rows that have something to show: not those of baselines that could not be computed. */
export function measuredRows(rows: readonly Row[]): Row[] {
  return rows.filter((row) => !isBaseline(row) || Object.keys(row.metrics ?? {}).length > 0);
}
