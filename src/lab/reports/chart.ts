import type { EChartsCoreOption } from 'echarts/core';
import type { BarChart, LineChart } from '../../shared/charts/chart.ts';
import { verdictMetric, type Bm25Baseline, type Comparison } from '../../shared/comparison.ts';
import { momentOf } from '../../shared/comparison/best.ts';
import { metricChart } from '../../shared/comparison/charts/curves.ts';
import { metricBars } from '../../shared/comparison/charts/metricBars.ts';
import { groupsOf, type CurveGroup } from '../../shared/comparison/groups.ts';
import { barMetrics } from '../../shared/comparison/places.ts';
import { isBaseline, rowsOf, type Row } from '../../shared/comparison/rows.ts';
import { stylesOf } from '../../shared/comparison/styles.ts';
import { metricTitle } from '../../shared/metrics.ts';
import { bandTitles, type BandKind } from '../../shared/spread.ts';
import { barPanel, barValueAxis, figureAxis, nameAxis } from './barPanel.ts';
import { legendWidth, linePanel } from './linePanel.ts';
import { faintInk, ink, renderPicture, sectionTitle, type Box, type ChartSize } from './picture.ts';
import { statesOf } from './states.ts';
import { areComparable } from '../../shared/comparison/highest.ts';

/** What the picture is made of: the charts of the screen by recipe, with everything chosen. */
interface PictureCharts {
  readonly bars: BarChart;
  readonly curves: LineChart;
  readonly comparable: boolean;
}

/** A size in which every recipe has its row among the bars and in the legend. */
export function chartSize(comparison: Comparison, bm25: readonly Bm25Baseline[] = []): ChartSize {
  const { bars } = pictureCharts(comparison, bm25, 'ci95');
  return { width: 1200, height: fixedHeight + barsHeight(bars) + curvesHeight(comparison) };
}

/**
 * A comparison as a PNG picture on white: bars of what recipes end with, and the learning curves of the full-corpus
 * `mrr@10`, the untrained encoder and BM25 in both. Seeds are one: means, with bands.
 */
export function renderComparisonChart(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  band: BandKind,
  size: ChartSize = chartSize(comparison, bm25),
): Buffer {
  return renderPicture(chartOption(comparison, pictureCharts(comparison, bm25, band), band, size), size);
}

function pictureCharts(comparison: Comparison, bm25: readonly Bm25Baseline[], band: BandKind): PictureCharts {
  const rows = rowsOf(comparison, bm25, 'recipe');
  const groups = recipeGroups(comparison, rows, band);
  const baselines = rows.filter(isBaseline);
  const metrics = barMetrics.filter((metric) => comparison.metrics.includes(metric));
  return {
    bars: metricBars(metrics, momentOf('recipe'), { groups, baselines, band }),
    curves: metricChart(verdictMetric, {
      axis: 'step',
      weight: 0,
      logY: false,
      band,
      groups,
      baselines,
      series: new Map(),
    }),
    comparable: areComparable(rows),
  };
}

/** Every recipe, with what its runs have come to where they are not finished. */
function recipeGroups(comparison: Comparison, rows: readonly Row[], band: BandKind): CurveGroup[] {
  const all = new Set(rows.map(({ id }) => id));
  const states = new Map(comparison.recipes.map((recipe) => [recipe.name, statesOf(recipe, comparison)]));
  return groupsOf(rows, all, stylesOf(comparison, rows), band).map((group) => {
    const state = states.get(group.name);
    return state ? { ...group, name: `${group.name} (${state})` } : group;
  });
}

const margin = 28;
const nameWidth = 216;
const panelGap = 28;
const panelsInRow = 3;
/** Axis and title between two rows of panels. */
const rowGap = 84;
/** The column of figures to the right of each panel. */
const figureWidth = 52;

/** Of titles, axes and the space between. */
const fixedHeight = 290;

function panelRows({ groups }: BarChart): number {
  return Math.max(1, Math.ceil(groups.length / panelsInRow));
}

function barsHeight(chart: BarChart): number {
  return panelRows(chart) * 28 * Math.max(chart.bars.length, 4) + (panelRows(chart) - 1) * rowGap;
}

function curvesHeight({ recipes }: Comparison): number {
  return Math.max(300, 34 * recipes.length);
}

function panelBoxes(chart: BarChart, height: number, { width }: ChartSize): Box[] {
  const left = margin + nameWidth + 10;
  const each = (width - left - margin - panelGap * (panelsInRow - 1)) / panelsInRow;
  const rows = panelRows(chart);
  const rowHeight = Math.round((height - (rows - 1) * rowGap) / rows);
  return chart.groups.map((_, index) => ({
    left: left + (index % panelsInRow) * (each + panelGap),
    top: 122 + Math.floor(index / panelsInRow) * (rowHeight + rowGap),
    width: each - figureWidth,
    height: rowHeight,
  }));
}

function curveBox(barsHeight: number, { width, height }: ChartSize): Box {
  return {
    left: margin + 24,
    top: 122 + barsHeight + 100,
    width: width - margin * 2 - 24 - legendWidth,
    height: height - fixedHeight - barsHeight,
  };
}

function chartOption(
  comparison: Comparison,
  { bars, curves, comparable }: PictureCharts,
  band: BandKind,
  size: ChartSize,
): EChartsCoreOption {
  const share = barsHeight(bars) / (barsHeight(bars) + curvesHeight(comparison));
  const height = Math.round((size.height - fixedHeight) * share);
  const boxes = panelBoxes(bars, height, size);
  const box = curveBox(height, size);
  const lines = linePanel(curves, box, boxes.length);
  const meaning = curves.spread ? `, mean over seeds with ${bandTitles[band]}` : '';
  return {
    title: [
      {
        left: margin - 5,
        top: 20,
        text: 'Losses compared',
        subtext: subtitle(comparison),
        textStyle: { fontSize: 20, color: ink },
        subtextStyle: { fontSize: 13, color: faintInk },
        itemGap: 12,
      },
      ...bars.groups.map((title, index) => sectionTitle(title, boxes[index]!, momentOf('recipe'))),
      sectionTitle('Learning curves', { ...box, left: margin }, `${metricTitle(verdictMetric)}, full corpus${meaning}`),
    ],
    grid: [...boxes, box].map((each) => ({ ...each, outerBoundsMode: 'none' })),
    xAxis: [...boxes.map((_, index) => barValueAxis(index, bars)), lines.xAxis],
    yAxis: [
      ...boxes.map((_, index) => nameAxis(index, bars, nameWidth, index % panelsInRow === 0)),
      lines.yAxis,
      ...boxes.map((_, index) => figureAxis(index, bars, index, comparable)),
    ],
    legend: lines.legend,
    series: [...boxes.flatMap((_, index) => barPanel(index, bars, index)), ...lines.series],
  };
}

function subtitle({ runs }: Comparison): string {
  const shared = <T>(values: readonly T[], one: (value: T) => string, many: string): string =>
    new Set(values).size === 1 ? one(values[0]!) : many;
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  return [
    shared(
      runs.map(({ dataset }) => dataset),
      (dataset) => `dataset ${dataset}`,
      'several datasets',
    ),
    seeds.length === 1
      ? `seed ${seeds[0]}`
      : seeds.length <= 10
        ? `seeds ${seeds.join(', ')}`
        : `${seeds.length} seeds`,
    shared(
      runs.map(({ device }) => device),
      (device) => `trained on ${device ?? 'no device'}`,
      'several devices',
    ),
  ].join('  ·  ');
}
