import type { BarSeriesOption, CustomSeriesOption } from 'echarts/charts';
import { opacityOf } from '../../shared/charts/barSeries.ts';
import { formatValue, type BarChart, type BarSeries } from '../../shared/charts/chart.ts';
import { colourOf } from '../../shared/charts/theme.ts';
import { errorBars, ink, printTheme } from './picture.ts';
import { shorten } from './textWidth.ts';

/** One group of a chart's bars, lying: names to the left, figures to the right, where no bar runs through them. */

/** The same scale in all panels. */
export function barValueAxis(gridIndex: number, { bars }: BarChart): object {
  const highest = Math.max(
    0.1,
    ...bars.flatMap(({ values, band }) => [...values, ...Array.from(band?.high ?? [])]).filter(Number.isFinite),
  );
  return {
    type: 'value',
    gridIndex,
    min: 0,
    max: Math.min(1, Math.ceil(highest * 10) / 10),
    interval: 0.2,
    axisLabel: {
      color: printTheme.muted,
      fontSize: 11,
      showMaxLabel: false,
      formatter: (value: number) => formatValue(value, 1),
    },
    splitLine: { lineStyle: { color: printTheme.border } },
  };
}

/** `named`: whether there is room for names. */
export function nameAxis(gridIndex: number, { bars }: BarChart, nameWidth: number, named: boolean): object {
  return {
    type: 'category',
    gridIndex,
    inverse: true,
    data: bars.map((_, index) => String(index)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: '#999999' } },
    axisLabel: {
      show: named,
      interval: 0,
      color: ink,
      fontSize: 12,
      lineHeight: 13,
      width: nameWidth,
      overflow: 'break',
      formatter: (index: string) => shorten(bars[Number(index)]!.name, 52),
    },
  };
}

/** The highest in bold where all are comparable. */
export function figureAxis(gridIndex: number, { bars }: BarChart, group: number, comparable: boolean): object {
  const highest = Math.max(...bars.map(({ values }) => values[group]!).filter(Number.isFinite));
  const figure = ({ values }: BarSeries): string => {
    const value = values[group]!;
    const text = formatValue(value, 3);
    return comparable && value === highest ? `{highest|${text}}` : text;
  };
  return {
    type: 'category',
    gridIndex,
    position: 'right',
    inverse: true,
    data: bars.map((_, index) => String(index)),
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: {
      interval: 0,
      color: ink,
      fontSize: 12,
      rich: { highest: { fontWeight: 'bold', fontSize: 12, color: ink } },
      formatter: (index: string) => figure(bars[Number(index)]!),
    },
  };
}

export function barPanel(axis: number, { bars }: BarChart, group: number): (BarSeriesOption | CustomSeriesOption)[] {
  const ranges = bars.map(({ band }) => {
    const [low, high] = [band?.low[group] ?? NaN, band?.high[group] ?? NaN];
    return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null;
  });
  return [
    {
      type: 'bar',
      xAxisIndex: axis,
      yAxisIndex: axis,
      barCategoryGap: '32%',
      data: bars.map(({ values, style }) => ({
        value: Number.isFinite(values[group]) ? values[group]! : '-',
        itemStyle: { color: colourOf(style, printTheme), opacity: opacityOf(style) },
      })),
    },
    errorBars(ranges, axis),
  ];
}
