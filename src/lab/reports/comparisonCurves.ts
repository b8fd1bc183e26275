import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { verdictMetric, type Bm25Baseline, type ComparedRecipe, type Comparison } from '../../shared/comparison.ts';
import { bandOf, type BandKind, type Spread } from '../../shared/spread.ts';
import { runStyle } from './chartStyle.ts';
import { bandSeries, baselineLine, drawable, faintInk, gridLine, ink, type Box } from './picture.ts';
import { statesOf } from './states.ts';
import { shorten } from './textWidth.ts';

/** The lower half of a comparison's picture: the verdict's metric over training, seeds as one. */

export function stepAxis(gridIndex: number): object {
  return {
    type: 'value',
    gridIndex,
    name: 'step',
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: ink, fontSize: 12 },
    min: 0,
    max: 'dataMax',
    minInterval: 1,
    axisLabel: { color: faintInk, fontSize: 11, showMaxLabel: true, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: '#999999' } },
    splitLine: { show: false },
  };
}

/** `baselines`: values that lines are drawn at, and so are to be on the picture. */
export function metricAxis(gridIndex: number, baselines: readonly number[]): object {
  return {
    type: 'value',
    gridIndex,
    scale: true,
    min: ({ min }: { min: number }) => rounded(Math.min(min, ...baselines), Math.floor),
    max: ({ max }: { max: number }) => rounded(Math.max(max, ...baselines), Math.ceil),
    name: verdictMetric,
    nameLocation: 'middle',
    nameGap: 42,
    nameTextStyle: { color: ink, fontSize: 12 },
    axisLabel: { color: faintInk, fontSize: 11, formatter: (value: number) => value.toFixed(2) },
    splitLine: { lineStyle: { color: gridLine } },
  };
}

/** To a multiple of 0.05; null leaves it to the chart, where there is nothing to draw. */
function rounded(value: number, round: (value: number) => number): number | null {
  return Number.isFinite(value) ? round(value * 20) / 20 : null;
}

export interface BaselineValue {
  readonly name: string;
  readonly value: number;
}

/** What recipes have to be better than, by the verdict's metric. */
export function baselineValues({ untrained }: Comparison, bm25: readonly Bm25Baseline[]): BaselineValue[] {
  const known = (name: string, value: number | undefined): BaselineValue[] =>
    value !== undefined && Number.isFinite(value) ? [{ name, value }] : [];
  return [
    ...untrained.flatMap(({ name, metrics }) => known(name, metrics[verdictMetric]?.mean)),
    ...bm25.flatMap(({ name, metrics }) => known(name, metrics?.[verdictMetric])),
  ];
}

/** Room for the names of baselines to the right of the curves. */
export const baselineNameWidth = 66;

/** Lines with their names behind their ends, away from all curves; names of lines that lie close together keep off each other. */
export function baselineMarks(baselines: readonly BaselineValue[]): NonNullable<LineSeriesOption['markLine']> {
  const lowest = Math.min(...baselines.map(({ value }) => value));
  const label = { position: 'end', color: faintInk, fontSize: 11, formatter: '{b}' } as const;
  return {
    ...baselineLine,
    data: baselines.map(({ name, value }) => ({
      name,
      yAxis: value,
      label: { ...label, verticalAlign: baselines.length === 1 ? 'middle' : value === lowest ? 'top' : 'bottom' },
    })),
  };
}

export function learningCurves(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  axis: number,
  band: BandKind,
): (LineSeriesOption | CustomSeriesOption)[] {
  const { recipes } = comparison;
  const marks = baselineMarks(baselineValues(comparison, bm25));
  return recipes.flatMap((recipe, index) => {
    const { colour, symbol, dash } = runStyle(index);
    const points = curveOf(recipe, comparison);
    return [
      bandSeries(
        points.map(({ step, spread }) => ({ x: step, band: spread ? bandOf(spread, band) : null })),
        colour,
        axis,
      ),
      {
        type: 'line',
        name: legendName(recipe, comparison),
        xAxisIndex: axis,
        yAxisIndex: axis,
        symbol,
        symbolSize: 7,
        showSymbol: points.length <= 40,
        lineStyle: { color: colour, width: 2, type: dash },
        itemStyle: { color: colour },
        // The best recipe last, so that nothing covers it.
        z: 3 + recipes.length - index,
        data: points.map(({ step, spread }) => [step, drawable(spread?.mean)]),
        ...(index === 0 && { markLine: marks }),
      },
    ];
  });
}

/** Recipes that were not evaluated untrained begin where others of the same encoder did. */
function curveOf(
  { runs, evaluations }: ComparedRecipe,
  { untrained }: Comparison,
): { step: number; spread: Spread | undefined }[] {
  const trained = evaluations
    .filter(({ step }) => step > 0)
    .map(({ step, metrics }) => ({ step, spread: metrics[verdictMetric] }));
  const start = untrained.find((each) => each.runs.includes(runs[0]!))?.metrics[verdictMetric];
  return start ? [{ step: 0, spread: start }, ...trained] : trained;
}

/** `others`: lines beside those of the recipes. */
export function legend(comparison: Comparison, curves: Box, width: number, others: readonly string[] = []): object {
  return {
    type: 'plain',
    orient: 'vertical',
    left: curves.left + curves.width + baselineNameWidth + 8,
    top: curves.top - 4,
    height: curves.height + 60,
    itemGap: 9,
    itemWidth: 26,
    itemHeight: 8,
    textStyle: { color: ink, fontSize: 12, width: width - 40, overflow: 'break', lineHeight: 14 },
    data: [...comparison.recipes.map((recipe) => legendName(recipe, comparison)), ...others].map((name) => ({ name })),
    formatter: (name: string) => shorten(name, 50),
  };
}

export function legendName(recipe: ComparedRecipe, comparison: Comparison): string {
  const states = statesOf(recipe, comparison);
  return states ? `${recipe.name} (${states})` : recipe.name;
}
