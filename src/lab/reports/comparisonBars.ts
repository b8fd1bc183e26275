import type { BarSeriesOption, CustomSeriesOption } from 'echarts/charts';
import type { Comparison } from '../../shared/comparison.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { bandOf, type BandKind, type Range, type Spread } from '../../shared/spread.ts';
import { runStyle, untrainedColour } from './chartStyle.ts';
import { baselineLine, drawable, errorBars, faintInk, gridLine, ink } from './picture.ts';
import { statesOf } from './states.ts';
import { shorten } from './textWidth.ts';

/** The upper half of a comparison's picture: metrics as bars, one panel each. */

export const panels: readonly { readonly metric: MetricName; readonly title: string }[] = [
  { metric: 'standardized/mrr', title: 'MRR' },
  { metric: 'standardized/ndcg@10', title: 'NDCG@10' },
  { metric: 'standardized/map@10', title: 'MAP@10' },
];

export interface BarRow {
  readonly name: string;
  readonly colour: string;
  readonly value: (metric: MetricName) => Spread | undefined;
  /** What is said where there is no value. */
  readonly missing: string;
}

export function barRows(comparison: Comparison): BarRow[] {
  const untrained = comparison.untrained.map(({ name, metrics }) => ({
    name,
    colour: untrainedColour,
    value: (metric: MetricName) => metrics[metric],
    missing: 'none',
  }));
  const trained = comparison.recipes.map((recipe, index) => ({
    name: recipe.name,
    colour: runStyle(index).colour,
    value: (metric: MetricName) => recipe.best[metric],
    missing: statesOf(recipe, comparison) || 'none',
  }));
  return [...untrained, ...trained];
}

export function barValueAxis(gridIndex: number, rows: readonly BarRow[], band: BandKind): object {
  const reach = (spread: Spread | undefined): number =>
    spread ? Math.max(spread.mean, bandOf(spread, band)?.high ?? 0) : 0;
  const highest = Math.max(0.1, ...panels.flatMap(({ metric }) => rows.map((row) => reach(row.value(metric)))));
  return {
    type: 'value',
    gridIndex,
    min: 0,
    // The same scale in all panels.
    max: Math.min(1, Math.ceil(highest * 10) / 10),
    interval: 0.2,
    axisLabel: { color: faintInk, fontSize: 11, showMaxLabel: false, formatter: (value: number) => value.toFixed(1) },
    splitLine: { lineStyle: { color: gridLine } },
  };
}

export function nameAxis(gridIndex: number, rows: readonly BarRow[], nameWidth: number): object {
  return {
    type: 'category',
    gridIndex,
    inverse: true,
    data: rows.map((_, index) => String(index)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: '#999999' } },
    axisLabel: {
      show: gridIndex === 0,
      interval: 0,
      color: ink,
      fontSize: 12,
      lineHeight: 13,
      width: nameWidth,
      overflow: 'break',
      formatter: (index: string) => shorten(rows[Number(index)]!.name, 52),
    },
  };
}

/** The figures of a panel, in a column where no bar or line runs through them; the highest in bold where all are comparable. */
export function figureAxis(
  metric: MetricName,
  gridIndex: number,
  rows: readonly BarRow[],
  comparable: boolean,
): object {
  const highest = Math.max(...rows.map((row) => row.value(metric)?.mean ?? -Infinity));
  const figure = ({ value, missing }: BarRow): string => {
    const mean = value(metric)?.mean;
    if (mean === undefined) return `{missing|${missing}}`;
    return comparable && mean === highest ? `{highest|${mean.toFixed(3)}}` : mean.toFixed(3);
  };
  return {
    type: 'category',
    gridIndex,
    position: 'right',
    inverse: true,
    data: rows.map((_, index) => String(index)),
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: {
      interval: 0,
      color: ink,
      fontSize: 12,
      rich: { highest: { fontWeight: 'bold', fontSize: 12, color: ink }, missing: { fontSize: 10, color: faintInk } },
      formatter: (index: string) => figure(rows[Number(index)]!),
    },
  };
}

export function bars(
  metric: MetricName,
  axis: number,
  rows: readonly BarRow[],
  { untrained }: Comparison,
  band: BandKind,
): (BarSeriesOption | CustomSeriesOption)[] {
  const beginnings = untrained.flatMap(({ metrics }) => metrics[metric]?.mean ?? []);
  const ranges = rows.map(({ value }): Range | null => {
    const spread = value(metric);
    return spread ? bandOf(spread, band) : null;
  });
  return [
    {
      type: 'bar',
      xAxisIndex: axis,
      yAxisIndex: axis,
      barCategoryGap: '32%',
      data: rows.map(({ value, colour }) => ({ value: drawable(value(metric)?.mean), itemStyle: { color: colour } })),
      markLine: { ...baselineLine, label: { show: false }, data: beginnings.map((value) => ({ xAxis: value })) },
    },
    errorBars(ranges, axis),
  ];
}
