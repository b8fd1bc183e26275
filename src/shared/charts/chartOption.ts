import { barSeries } from './barSeries.ts';
import { seriesNames, type BarChart, type Chart, type LineChart } from './chart.ts';
import { lineSeries } from './lineSeries.ts';
import type { ChartTheme } from './theme.ts';

export interface DrawingOptions {
  /** Stretches into which the x axis is divided to choose the points that are drawn; null draws all. */
  readonly buckets: number | null;
  /** For a picture that stands alone: with title and legend. */
  readonly alone?: boolean;
}

/** A chart in the words of ECharts. */
export function chartOption(
  chart: Chart,
  theme: ChartTheme,
  { buckets, alone = false }: DrawingOptions,
): Record<string, unknown> {
  return {
    animation: false,
    textStyle: { fontFamily: theme.font, color: theme.text },
    ...(alone && standingAlone(chart, theme)),
    grid: {
      left: 8,
      right: 20,
      top: alone ? 52 + 22 * legendRows(chart) : chart.yTitle ? 28 : 12,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'all',
    },
    xAxis: xAxisOf(chart, theme),
    yAxis: yAxisOf(chart, theme),
    series: chart.kind === 'lines' ? lineSeries(chart, theme, buckets) : barSeries(chart, theme),
  };
}

export function xAxisOf(chart: Chart, theme: ChartTheme): object {
  return chart.kind === 'lines' ? placeAxis(chart, theme) : groupAxis(chart, theme);
}

export function yAxisOf(chart: Chart, theme: ChartTheme): object {
  return valueAxis(theme, {
    type: chart.kind === 'lines' && chart.logY ? 'log' : 'value',
    name: chart.yTitle,
    nameTextStyle: { color: theme.muted, align: 'left', padding: [0, 0, 0, -24] },
    scale: chart.kind === 'lines',
    splitLine: { lineStyle: { color: theme.border } },
  });
}

function valueAxis(theme: ChartTheme, more: object): object {
  return {
    type: 'value',
    axisLine: { show: false, lineStyle: { color: theme.border } },
    axisTick: { show: false },
    axisLabel: { color: theme.muted, hideOverlap: true },
    nameTextStyle: { color: theme.muted },
    splitLine: { show: false },
    ...more,
  };
}

function placeAxis(chart: LineChart, theme: ChartTheme): object {
  const whole = chart.wholeX && !endsWithinFirst(chart);
  return valueAxis(theme, {
    name: chart.xTitle,
    nameLocation: 'middle',
    nameGap: 26,
    min: 0,
    max: 'dataMax',
    ...(whole && { minInterval: 1 }),
    axisLabel: { color: theme.muted, hideOverlap: true, showMaxLabel: false },
  });
}

/** The first epoch has no whole numbers within it. */
function endsWithinFirst({ curves }: LineChart): boolean {
  const ends = curves.filter(({ x }) => x.length > 0).map(({ x }) => x[x.length - 1]!);
  return ends.some((end) => end > 0) && ends.every((end) => end < 1);
}

function groupAxis({ groups }: BarChart, theme: ChartTheme): object {
  return valueAxis(theme, {
    type: 'category',
    data: groups,
    axisLine: { show: true, lineStyle: { color: theme.border } },
    axisLabel: { color: theme.muted, interval: 0, hideOverlap: true },
  });
}

function standingAlone(chart: Chart, theme: ChartTheme): object {
  return {
    backgroundColor: theme.surface,
    title: {
      text: chart.title,
      left: 16,
      top: 12,
      textStyle: { color: theme.text, fontSize: 16, fontWeight: 600, fontFamily: theme.font },
    },
    legend: {
      show: true,
      type: 'plain',
      left: 16,
      top: 40,
      right: 16,
      icon: 'roundRect',
      itemWidth: 14,
      itemHeight: 4,
      textStyle: { color: theme.text },
      data: seriesNames(chart),
    },
  };
}

/** Lines that the legend of a picture of 960 points' width takes, at about seven points a letter. */
function legendRows(chart: Chart): number {
  const widths = seriesNames(chart).map((name) => 7 * name.length + 36);
  return Math.ceil(widths.reduce((sum, width) => sum + width, 0) / 900);
}
