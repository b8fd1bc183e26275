import { nearest } from './axes.ts';
import { formatValue, measured, type BarChart, type Chart, type LineChart } from './chart.ts';
import type { LineStyle } from './palette.ts';
import { colourOf, type ChartTheme } from './theme.ts';

/** What stands at one place of a chart: one line for each curve or bar. */
export interface Reading {
  readonly heading: string;
  readonly lines: readonly { readonly name: string; readonly style: LineStyle; readonly value: string }[];
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
    textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font, rich: richStyles(chart, theme) },
    axisPointer: { type: chart.kind === 'lines' ? 'line' : 'shadow', snap: false, lineStyle: { color: theme.muted, type: 'solid' }, animation: false },
    formatter: (found: readonly { axisValue: number; dataIndex: number }[]) => {
      const reading = chart.kind === 'lines' ? readLines(chart, found[0]!.axisValue) : readBars(chart, found[0]!.dataIndex);
      return richText(reading);
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
    heading: `${chart.xTitle} ${formatValue(Number.isFinite(place) ? place : at, null)}`,
    lines: found.map(({ curve, value }) => ({ name: curve.name, style: curve.style, value: formatValue(value, chart.digits) })),
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
    lines: bars.map(({ name, style, values }) => ({ name, style, value: formatValue(values[group]!, digits) })),
  };
}

/** `{style|text}` is the markup of rich text, so those signs are taken out of names. */
function richText({ heading, lines }: Reading): string {
  const shown = lines.slice(0, mostLines).map(({ name, style, value }) => `{${styleName(style)}|■} ${name.replace(/[{}|]/g, ' ')}  {value|${value}}`);
  const more = lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : [];
  return [`{heading|${heading}}`, ...shown, ...more].join('\n');
}

function richStyles(chart: Chart, theme: ChartTheme): Record<string, object> {
  const styles = (chart.kind === 'lines' ? chart.curves : chart.bars).map(({ style }) => style);
  return {
    heading: { color: theme.muted, fontSize: 11, lineHeight: 18 },
    value: { fontWeight: 600, color: theme.text },
    ...Object.fromEntries(styles.map((style) => [styleName(style), { color: colourOf(style, theme) }])),
  };
}

function styleName({ colour }: LineStyle): string {
  return colour === null ? 'baseline' : `series${colour}`;
}
