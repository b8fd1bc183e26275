import { nearest } from './axes.ts';
import {
  formatSpread,
  formatValue,
  measured,
  measuredBand,
  type BarChart,
  type Chart,
  type LineChart,
} from './chart.ts';
import type { SeriesStyle } from './palette.ts';

/** What stands at one place of a chart: one line for each curve or bar. */
export interface Reading {
  /** On the x axis: of a value, or the index of a group of bars. */
  readonly place: number;
  readonly heading: string;
  readonly lines: readonly ReadingLine[];
}

export interface ReadingLine {
  readonly id: string;
  readonly name: string;
  readonly style: SeriesStyle;
  readonly value: string;
  /** How far runs lie apart, and how many they are; empty where it is one. */
  readonly spread: string;
}

/**
 * The measured values nearest to `at`, highest first, out of all data: what is drawn is a choice of
 * points. Curves that have none near it are left out; null where no curve has.
 */
export function readLines(chart: LineChart, at: number): Reading | null {
  const found = chart.curves.flatMap((curve) => {
    const index = nearest(curve.x, at);
    return index < 0 || !covers(curve.x, at, index)
      ? []
      : [{ curve, index, x: curve.x[index]!, value: measured(curve)[index]! }];
  });
  if (found.length === 0) return null;
  const place = found.map(({ x }) => x).reduce((best, x) => (Math.abs(x - at) < Math.abs(best - at) ? x : best));
  found.sort((a, b) => (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value));
  return {
    place,
    heading: `${chart.xTitle} ${formatValue(place, null)}${chart.curves.some(({ raw }) => raw) ? ', as measured' : ''}${spreadTitle(
      chart,
      found.map(({ curve }) => curve),
    )}`,
    lines: found.map(({ curve, index, value }) => ({
      id: curve.id,
      name: curve.name,
      style: curve.style,
      value: formatValue(value, chart.digits),
      spread: formatSpread(value, measuredBand(curve), index, chart),
    })),
  };
}

export function readBars(chart: BarChart, group: number): Reading | null {
  const { groups, bars, digits } = chart;
  if (groups[group] === undefined) return null;
  return {
    place: group,
    heading: `${groups[group]}${spreadTitle(chart, bars)}`,
    lines: bars.map(({ id, name, style, values, band }) => ({
      id,
      name,
      style,
      value: formatValue(values[group]!, digits),
      spread: formatSpread(values[group]!, band, group, chart),
    })),
  };
}

/** What the figures behind the mean are, where there are any. */
function spreadTitle({ spread }: Chart, among: readonly { readonly band?: unknown }[]): string {
  if (!spread || among.every(({ band }) => !band)) return '';
  return spread.symmetric ? `: mean ± ${spread.title}` : `: mean, ${spread.title}`;
}

/** A curve says nothing beyond its ends, but for the distance of one of its own steps. */
function covers(x: ArrayLike<number>, at: number, index: number): boolean {
  const last = x.length - 1;
  if (at <= x[last]! && at >= x[0]!) return true;
  const step = last === 0 ? 0 : (x[last]! - x[0]!) / last;
  return Math.abs(x[index]! - at) <= step;
}
