import { formatValue, type BarChart, type BarSeries } from './chart.ts';
import type { SeriesStyle } from './palette.ts';
import { colourOf, type ChartTheme } from './theme.ts';

/** Bars have no patterns: the second and third round of the colours are paler, and so is the untrained encoder. */
export function opacityOf({ pattern }: SeriesStyle): number {
  return { solid: 1, dotted: 0.65, dashed: 0.4 }[pattern];
}

const layout = { barMaxWidth: 36, barGap: '8%', barCategoryGap: '20%' } as const;

/** The bars of a chart, and above them how far the runs of each lie apart. */
export function barSeries(chart: BarChart, theme: ChartTheme): object[] {
  return [
    ...chart.bars.map((bar) => bars(bar, chart, theme)),
    ...chart.bars.flatMap((bar, index) => errorBars(bar, index, chart, theme)),
  ];
}

function bars(
  { id, name, style, values, band }: BarSeries,
  { bars: all, digits }: BarChart,
  theme: ChartTheme,
): object {
  return {
    id,
    name,
    type: 'bar',
    data: values.map((value) => (Number.isFinite(value) ? value : '-')),
    ...layout,
    itemStyle: {
      color: colourOf(style, theme),
      borderRadius: [2, 2, 0, 0],
      opacity: opacityOf(style),
    },
    emphasis: { disabled: true },
    // A label would stand on its error bar.
    label: {
      show: all.length <= 4 && !band,
      position: 'top',
      color: theme.muted,
      fontSize: 10,
      formatter: ({ value }: { value: number }) => formatValue(value, Math.min(digits ?? 3, 3)),
    },
  };
}

/** What ECharts hands to a series that draws itself; its own types name far more. */
interface DrawingApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
  barLayout(options: object): { readonly offsetCenter: number; readonly width: number }[];
}

function errorBars({ id, name, band }: BarSeries, index: number, { bars: all }: BarChart, theme: ChartTheme): object[] {
  if (!band) return [];
  const data = Array.from(band.low, (low, group) => [group, low, band.high[group]!]).filter((edge) =>
    edge.every(Number.isFinite),
  );
  return [
    {
      id: `${id}/spread`,
      name,
      type: 'custom',
      data,
      dimensions: ['group', 'low', 'high'],
      encode: { x: 'group', y: ['low', 'high'] },
      silent: true,
      z: 4,
      itemStyle: { color: theme.text },
      renderItem: (_: unknown, api: DrawingApi) => {
        const { offsetCenter, width } = api.barLayout({ ...layout, count: all.length })[index]!;
        const [centre, bottom] = api.coord([api.value(0), api.value(1)]);
        const top = api.coord([api.value(0), api.value(2)])[1];
        return errorBar(centre + offsetCenter, bottom, top, Math.min(4, width / 3), theme.text);
      },
    },
  ];
}

/** A line from low to high, with a short bar across either end. */
function errorBar(x: number, bottom: number, top: number, reach: number, stroke: string): object {
  const line = (x1: number, y1: number, x2: number, y2: number): object => ({
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 1 },
  });
  return {
    type: 'group',
    children: [
      line(x, bottom, x, top),
      line(x - reach, bottom, x + reach, bottom),
      line(x - reach, top, x + reach, top),
    ],
  };
}
