import { bandSeries } from './bandSeries.ts';
import type { Curve, LineChart } from './chart.ts';
import { downsample } from './downsample.ts';
import { colourOf, type ChartTheme } from './theme.ts';

/** More marks than this run into each other, and each is a shape of its own to draw. */
const mostMarks = 60;

/** The lines of a chart, behind each its band and the measured one where it is smoothed, and marks at the best checkpoints. */
export function lineSeries(chart: LineChart, theme: ChartTheme, buckets: number | null): object[] {
  return chart.curves.flatMap((curve) => [
    ...bandSeries(curve, theme, chart.logY, buckets),
    ...(curve.raw
      ? [
          line(curve, curve.raw, chart.logY, buckets, {
            id: `${curve.id}/raw`,
            colour: colourOf(curve.style, theme),
            opacity: 0.25,
            width: 1,
          }),
        ]
      : []),
    line(curve, curve.y, chart.logY, buckets, {
      id: curve.id,
      colour: colourOf(curve.style, theme),
      opacity: 1,
      width: curve.marked ? 2 : 1.5,
    }),
    ...(curve.best ? [bestMark(curve, curve.best, theme)] : []),
    ...(curve.named ? [endLabel(curve, theme)] : []),
  ]);
}

interface Stroke {
  readonly id: string;
  readonly colour: string;
  readonly opacity: number;
  readonly width: number;
}

function line(
  curve: Curve,
  y: ArrayLike<number>,
  logY: boolean,
  buckets: number | null,
  { id, colour, opacity, width }: Stroke,
): object {
  return {
    id,
    name: curve.name,
    type: 'line',
    data: points(curve.x, y, logY, buckets),
    dimensions: ['x', 'y'],
    encode: { x: 'x', y: 'y' },
    silent: true,
    showSymbol: Boolean(curve.marked) && opacity === 1 && y.length <= mostMarks,
    symbol: curve.style.symbol,
    symbolSize: 6,
    ...(curve.stairs && { step: 'end' }),
    emphasis: { disabled: true },
    itemStyle: { color: colour },
    lineStyle: { color: colour, width, opacity, type: curve.style.pattern },
  };
}

/** x and y in turn, as ECharts reads flat arrays. A logarithm has no place for values that are not positive. */
function points(x: ArrayLike<number>, y: ArrayLike<number>, logY: boolean, buckets: number | null): Float64Array {
  const indices = buckets === null ? null : downsample(x, y, buckets);
  const count = indices?.length ?? x.length;
  const flat = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const index = indices?.[i] ?? i;
    const value = y[index]!;
    flat[2 * i] = x[index]!;
    flat[2 * i + 1] = Number.isFinite(value) && !(logY && value <= 0) ? value : NaN;
  }
  return flat;
}

function bestMark(curve: Curve, { x, y }: { readonly x: number; readonly y: number }, theme: ChartTheme): object {
  return {
    id: `${curve.id}/best`,
    name: curve.name,
    type: 'scatter',
    data: [[x, y]],
    symbol: 'diamond',
    symbolSize: 13,
    silent: true,
    z: 5,
    itemStyle: { color: colourOf(curve.style, theme), borderColor: theme.surface, borderWidth: 1.5 },
  };
}

/** A name at the end of its curve. */
function endLabel({ id, name, x, y, style }: Curve, theme: ChartTheme): object {
  const last = x.length - 1;
  return {
    id: `${id}/label`,
    name,
    type: 'scatter',
    data: last < 0 ? [] : [[x[last]!, y[last]!]],
    // Without any symbol there would be no label.
    symbol: 'circle',
    symbolSize: 0.01,
    silent: true,
    z: 6,
    itemStyle: { color: colourOf(style, theme) },
    // Leftwards, where there is room for it: the curve ends at the edge.
    label: {
      show: true,
      position: 'top',
      align: 'right',
      distance: 2,
      formatter: () => name,
      color: theme.muted,
      fontSize: 11,
      textBorderColor: theme.surface,
      textBorderWidth: 3,
    },
  };
}
