import { nearest } from './axes.ts';
import { formatValue, measured, type BarChart, type Chart, type LineChart } from './chart.ts';
import type { ChartTheme } from './theme.ts';

/** What stands at one place of a chart: one line for each curve or bar. */
export interface Reading {
  readonly heading: string;
  readonly lines: readonly { readonly id: string; readonly name: string; readonly value: string }[];
}

/** What ECharts has found at the pointer: of each series the drawn point that is nearest. */
interface Found {
  readonly axisValue: number;
  readonly dataIndex: number;
  readonly seriesId: string;
  /** A mark in the colour of the series, in the markup of rich text. */
  readonly marker: string;
}

const mostLines = 16;

/**
 * Tooltips are drawn, not written as HTML, which a strict Content-Security-Policy would not let
 * style. They look values up in all data: what is drawn is a choice of points.
 */
export function tooltipOf(chart: Chart, theme: ChartTheme): object {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: theme.surface,
    borderColor: theme.border,
    textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font },
    axisPointer: { type: chart.kind === 'lines' ? 'line' : 'shadow', snap: false, lineStyle: { color: theme.muted, type: 'solid' }, animation: false },
    formatter: (found: readonly Found[]) => {
      const reading = chart.kind === 'lines' ? readLines(chart, found[0]!.axisValue) : readBars(chart, found[0]!.dataIndex);
      return richText(reading, new Map(found.map(({ seriesId, marker }) => [seriesId, marker])));
    },
  };
}

/** The measured values nearest to `at`, highest first; curves that have none near it are left out. */
export function readLines(chart: LineChart, at: number): Reading {
  const found = chart.curves.flatMap((curve) => {
    const index = nearest(curve.x, at);
    return index < 0 || !covers(curve.x, at, index) ? [] : [{ curve, x: curve.x[index]!, value: measured(curve)[index]! }];
  });
  const place = found.reduce((best, { x }) => (Math.abs(x - at) < Math.abs(best - at) ? x : best), Infinity);
  found.sort((a, b) => (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value));
  return {
    heading: `${chart.xTitle} ${formatValue(Number.isFinite(place) ? place : at, null)}${chart.curves.some(({ raw }) => raw) ? ', as measured' : ''}`,
    lines: found.map(({ curve, value }) => ({ id: curve.id, name: curve.name, value: formatValue(value, chart.digits) })),
  };
}

/** A curve says nothing beyond its ends, but for the distance of one of its own steps. */
function covers(x: ArrayLike<number>, at: number, index: number): boolean {
  const last = x.length - 1;
  if (at <= x[last]! && at >= x[0]!) return true;
  const step = last === 0 ? 0 : (x[last]! - x[0]!) / last;
  return Math.abs(x[index]! - at) <= step;
}

function readBars({ groups, bars, digits }: BarChart, group: number): Reading {
  return {
    heading: groups[group]!,
    lines: bars.map(({ id, name, values }) => ({ id, name, value: formatValue(values[group]!, digits) })),
  };
}

/** `{style|text}` is the markup of rich text, so those signs are taken out of names. */
function richText({ heading, lines }: Reading, markers: ReadonlyMap<string, string>): string {
  const shown = lines.slice(0, mostLines).map(({ id, name, value }) => `${markers.get(id) ?? ''} ${name.replace(/[{}|]/g, ' ')}  ${value}`);
  const more = lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : [];
  return [heading, ...shown, ...more].join('\n');
}
