import type { Column } from './columns.ts';
import type { Row } from './rows.ts';

/** Which figure of a column is marked: one rule for every table and chart. */

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
