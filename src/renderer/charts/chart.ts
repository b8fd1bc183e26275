import type { LineStyle } from './palette.ts';

/** A chart as data: its drawing, its table, its description and its files are all made from this. */
export type Chart = LineChart | BarChart;

interface CommonChart {
  readonly title: string;
  readonly yTitle: string;
  /** Digits after the point in readings and tables; null writes six significant ones. */
  readonly digits: number | null;
}

export interface LineChart extends CommonChart {
  readonly kind: 'lines';
  readonly xTitle: string;
  /** Whether the x axis is labelled with whole numbers. */
  readonly wholeX: boolean;
  readonly logY: boolean;
  readonly curves: readonly Curve[];
}

export interface Curve {
  readonly id: string;
  readonly name: string;
  readonly style: LineStyle;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  /** As it is to be drawn, smoothed where that is wanted; NaN is a gap. */
  readonly y: ArrayLike<number>;
  /** The measured values where `y` is smoothed: drawn pale behind it, and what readings and files hold. */
  readonly raw?: ArrayLike<number>;
  /** Whether each value is marked: for evaluations, which are few. */
  readonly marked?: boolean;
  /** The best checkpoint. */
  readonly best?: { readonly x: number; readonly y: number };
}

export interface BarChart extends CommonChart {
  readonly kind: 'bars';
  /** What stands below each group of bars. */
  readonly groups: readonly string[];
  readonly bars: readonly BarSeries[];
}

export interface BarSeries {
  readonly id: string;
  readonly name: string;
  readonly style: LineStyle;
  /** One for each group; NaN where there is none. */
  readonly values: readonly number[];
}

/** The measured values of a curve. */
export function measured(curve: Curve): ArrayLike<number> {
  return curve.raw ?? curve.y;
}

export function seriesNames(chart: Chart): string[] {
  return (chart.kind === 'lines' ? chart.curves : chart.bars).map(({ name }) => name);
}

export function formatValue(value: number, digits: number | null): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : String(value);
  return digits === null ? String(Number(value.toPrecision(6))) : value.toFixed(digits);
}

/** One sentence for people who do not see the drawing. */
export function describeChart(chart: Chart): string {
  if (chart.kind === 'bars') {
    return `Bar chart, ${chart.title}: ${chart.groups.join(', ')} of ${counted(chart.bars.length, 'row')}. ${extremeBars(chart)}`.trim();
  }
  const ends = chart.curves.slice(0, 10).map((curve) => `${curve.name} ${lastValue(curve, chart.digits)}`);
  const more = chart.curves.length > 10 ? `, and ${chart.curves.length - 10} more` : '';
  return `Line chart, ${chart.title} by ${chart.xTitle.toLowerCase()}, ${counted(chart.curves.length, 'line')}. Last values: ${ends.join(', ') || 'none yet'}${more}.`;
}

function lastValue(curve: Curve, digits: number | null): string {
  const values = measured(curve);
  return values.length === 0 ? 'none' : formatValue(values[values.length - 1]!, digits);
}

function extremeBars({ bars, groups, digits }: BarChart): string {
  const ranked = bars.filter(({ values }) => Number.isFinite(values[0])).sort((a, b) => b.values[0]! - a.values[0]!);
  const first = ranked[0];
  return first ? `Highest ${groups[0]}: ${first.name} with ${formatValue(first.values[0]!, digits)}.` : '';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
