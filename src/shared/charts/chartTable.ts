import {
  formatSpread,
  formatValue,
  measured,
  measuredBand,
  type Band,
  type BarChart,
  type Chart,
  type Curve,
  type LineChart,
} from './chart.ts';
import type { CsvCell } from '../csv.ts';

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

/**
 * Every measured value: one row for each place on the x axis, one column for each curve; or bars by
 * group. A curve of several runs has three more: the edges of its band, and how many runs there are.
 */
export function chartRows(chart: Chart): CsvCell[][] {
  if (chart.kind === 'bars') return barRows(chart);
  const columns = chart.curves.flatMap((curve) => [
    { heading: curve.name, cells: valuesByPlace(curve.x, measured(curve)) },
    ...bandColumns(curve),
  ]);
  const rows = allPlaces(chart.curves).map((x) => [x, ...columns.map(({ cells }) => cells.get(x) ?? null)]);
  return [[chart.xTitle, ...columns.map(({ heading }) => heading)], ...rows];
}

function bandColumns(curve: Curve): { heading: string; cells: Map<number, number> }[] {
  const band = measuredBand(curve);
  if (!band) return [];
  return bandParts(band).map(({ part, values }) => ({
    heading: `${curve.name}, ${part}`,
    cells: valuesByPlace(curve.x, values),
  }));
}

function barRows({ groups, bars }: BarChart): CsvCell[][] {
  const row = (name: string, values: ArrayLike<number>): CsvCell[] => [
    name,
    ...Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
  ];
  const rows = bars.flatMap(({ name, values, band }) => [
    row(name, values),
    ...(band ? bandParts(band).map(({ part, values: edge }) => row(`${name}, ${part}`, edge)) : []),
  ]);
  return [['', ...groups], ...rows];
}

function bandParts({ low, high, counts }: Band): { part: string; values: ArrayLike<number> }[] {
  return [
    { part: 'low', values: low },
    { part: 'high', values: high },
    { part: 'runs', values: counts },
  ];
}

function barTable(chart: BarChart): ChartTable {
  const cell = (value: number, index: number, band: Band | undefined): string => withSpread(value, index, band, chart);
  return {
    headings: ['', ...chart.groups],
    rows: chart.bars.map(({ name, values, band }) => [name, ...values.map((value, index) => cell(value, index, band))]),
  };
}

function valueTable(chart: LineChart, places: readonly number[]): ChartTable {
  const columns = chart.curves.map((curve) => {
    const indices = valuesByPlace(
      curve.x,
      Array.from(curve.x, (_, index) => index),
    );
    return (x: number): string => {
      const index = indices.get(x);
      return index === undefined
        ? formatValue(NaN, chart.digits)
        : withSpread(measured(curve)[index]!, index, measuredBand(curve), chart);
    };
  });
  return {
    headings: [chart.xTitle, ...chart.curves.map(({ name }) => name)],
    rows: places.map((x) => [formatValue(x, null), ...columns.map((cell) => cell(x))]),
  };
}

function withSpread(value: number, index: number, band: Band | undefined, chart: Chart): string {
  return [formatValue(value, chart.digits), formatSpread(value, band, index, chart)].filter(Boolean).join(' ');
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

function valuesByPlace(x: ArrayLike<number>, values: ArrayLike<number>): Map<number, number> {
  return new Map(Array.from(x, (place, i) => [place, values[i]!]));
}
