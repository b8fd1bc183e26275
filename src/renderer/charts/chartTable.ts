import { formatValue, measured, type BarChart, type Chart, type Curve, type LineChart } from './chart.ts';
import type { CsvCell } from './csv.ts';

/** The figures of a chart as a table, for those who read rather than look. */
export interface ChartTable {
  readonly headings: readonly string[];
  /** The first cell of each row is its heading. */
  readonly rows: readonly (readonly string[])[];
}

/** Up to so many places of the x axis every value is listed; beyond, what each curve comes to. */
const mostRows = 60;

export function chartTable(chart: Chart): ChartTable {
  if (chart.kind === 'bars') return barTable(chart);
  const places = allPlaces(chart.curves);
  return places.length <= mostRows ? valueTable(chart, places) : summaryTable(chart);
}

/** Every measured value: one row for each place on the x axis, one column for each curve; or bars by group. */
export function chartRows(chart: Chart): CsvCell[][] {
  if (chart.kind === 'bars') {
    const rows = chart.bars.map(({ name, values }) => [name, ...values.map((value) => (Number.isNaN(value) ? null : value))]);
    return [['', ...chart.groups], ...rows];
  }
  const columns = chart.curves.map(valuesByPlace);
  const rows = allPlaces(chart.curves).map((x) => [x, ...columns.map((column) => column.get(x) ?? null)]);
  return [[chart.xTitle, ...chart.curves.map(({ name }) => name)], ...rows];
}

function barTable({ groups, bars, digits }: BarChart): ChartTable {
  return { headings: ['', ...groups], rows: bars.map(({ name, values }) => [name, ...values.map((value) => formatValue(value, digits))]) };
}

function valueTable({ curves, xTitle, digits }: LineChart, places: readonly number[]): ChartTable {
  const columns = curves.map(valuesByPlace);
  return {
    headings: [xTitle, ...curves.map(({ name }) => name)],
    rows: places.map((x) => [formatValue(x, null), ...columns.map((column) => formatValue(column.get(x) ?? NaN, digits))]),
  };
}

function summaryTable({ curves, digits }: LineChart): ChartTable {
  return {
    headings: ['', 'Values', 'First', 'Lowest', 'Highest', 'Last'],
    rows: curves.map((curve) => {
      const values = Array.from(measured(curve)).filter((value) => Number.isFinite(value));
      const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
      const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
      const figures = values.length === 0 ? [NaN, NaN, NaN, NaN] : [values[0]!, lowest, highest, values.at(-1)!];
      return [curve.name, String(values.length), ...figures.map((value) => formatValue(value, digits))];
    }),
  };
}

function allPlaces(curves: readonly Curve[]): number[] {
  return [...new Set(curves.flatMap(({ x }) => Array.from(x)))].sort((a, b) => a - b);
}

function valuesByPlace(curve: Curve): Map<number, number> {
  const values = measured(curve);
  return new Map(Array.from(curve.x, (x, i) => [x, values[i]!]));
}
