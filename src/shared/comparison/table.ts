import { toCsv } from '../csv.ts';
import type { Column } from './columns.ts';
import { isBaseline, type Row } from './rows.ts';

/** The order, the rows and the file of the table that a person has put together. */

export interface Order {
  /** Of a column; `name` is the name of the row. */
  readonly key: string;
  readonly descending: boolean;
}

/** Baselines stay on top; among the others, what has no value comes last either way. */
export function sortRows(rows: readonly Row[], columns: readonly Column[], order: Order | null): Row[] {
  if (!order) return [...rows];
  const column = columns.find(({ key }) => key === order.key);
  const value = (row: Row): string | number | null => (column ? column.value(row) : row.name);
  const sorted = rows
    .filter((row) => !isBaseline(row))
    .sort((a, b) => compareValues(value(a), value(b), order.descending));
  return [...rows.filter(isBaseline), ...sorted];
}

function compareValues(a: string | number | null, b: string | number | null, descending: boolean): number {
  const missing = Number(isMissing(a)) - Number(isMissing(b));
  if (missing !== 0 || isMissing(a)) return missing;
  const ascending =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  return descending ? -ascending : ascending;
}

function isMissing(value: string | number | null): boolean {
  return value === null || Number.isNaN(value);
}

/** Rows in which every word of `text` occurs: in the name, a run's id or failure, or a cell that is shown. Baselines stay. */
export function filterRows(rows: readonly Row[], columns: readonly Column[], text: string): Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (isBaseline(row)) return true;
    const ofRuns = row.runs.flatMap(({ id, name, failure }) => [id, name, failure?.message ?? '']);
    const content = [row.name, ...ofRuns, ...columns.map((column) => column.text(row))].join('\n').toLowerCase();
    return words.every((word) => content.includes(word));
  });
}

/** What the table shows, row by row and column by column, figures with all their digits. Where rows are of several runs, their deviation has a column of its own. */
export function tableToCsv(rows: readonly Row[], columns: readonly Column[]): string {
  const headings = columns.flatMap((column) =>
    hasDeviation(rows, column) ? [column.title, `${column.title}, standard deviation`] : [column.title],
  );
  const cells = (row: Row) =>
    columns.flatMap((column) =>
      hasDeviation(rows, column) ? [column.value(row), column.deviation!(row)] : [column.value(row)],
    );
  return toCsv([['Run', ...headings], ...rows.map((row) => [row.name, ...cells(row)])]);
}

function hasDeviation(rows: readonly Row[], column: Column): boolean {
  return rows.some((row) => (column.deviation?.(row) ?? null) !== null);
}
