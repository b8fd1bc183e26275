import { formatDecimal, formatMeasured } from '../format.ts';
import type { SeriesStyle } from './palette.ts';

/** A chart as data: its drawing, its table, its description and its files are all made from this. */
export type Chart = LineChart | BarChart;

interface CommonChart {
  readonly title: string;
  readonly yTitle: string;
  /** Digits after the point in readings and tables; null writes six significant ones. */
  readonly digits: number | null;
  /** What bands and error bars show; absent where there are none. */
  readonly spread?: SpreadTitle;
}

export interface SpreadTitle {
  /** As in "mean ± standard deviation". */
  readonly title: string;
  /** Whether low and high are equally far from the mean, so that one figure says both. */
  readonly symmetric: boolean;
}

/** How far the values of several runs lie apart, around their mean: one entry for each value. */
export interface Band {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** Runs that the mean is of. */
  readonly counts: ArrayLike<number>;
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
  readonly style: SeriesStyle;
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
  /** Drawn pale around `y`, smoothed where it is; NaN is a gap. */
  readonly band?: Band;
  /** The measured one where `band` is smoothed: what readings and files hold. */
  readonly rawBand?: Band;
  /** Whether its name is written above the last value. */
  readonly named?: boolean;
  /** Whether a value holds until the next one: drawn as stairs. */
  readonly stairs?: boolean;
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
  readonly style: SeriesStyle;
  /** One for each group; NaN where there is none. */
  readonly values: readonly number[];
  /** Drawn as error bars. */
  readonly band?: Band;
}

/** The measured values of a curve. */
export function measured(curve: Curve): ArrayLike<number> {
  return curve.raw ?? curve.y;
}

export function measuredBand(curve: Curve): Band | undefined {
  return curve.rawBand ?? curve.band;
}

export function seriesNames(chart: Chart): string[] {
  return (chart.kind === 'lines' ? chart.curves : chart.bars).map(({ name }) => name);
}

export function formatValue(value: number, digits: number | null): string {
  if (Number.isNaN(value)) return '–';
  return digits === null ? formatMeasured(value) : formatDecimal(value, digits);
}

/** `± 0.0041, n 3` or `0.41 to 0.44, n 3`; nothing where there is one run only. */
export function formatSpread(
  value: number,
  band: Band | undefined,
  index: number,
  { spread, digits }: CommonChart,
): string {
  const [low, high, count] = [band?.low[index] ?? NaN, band?.high[index] ?? NaN, band?.counts[index] ?? 0];
  if (!spread || count < 2 || !Number.isFinite(low) || !Number.isFinite(high)) return '';
  const reach = spread.symmetric
    ? `± ${formatValue(high - value, digits)}`
    : `${formatValue(low, digits)} to ${formatValue(high, digits)}`;
  return `${reach}, n ${count}`;
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
