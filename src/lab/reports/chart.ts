import type { EChartsCoreOption } from 'echarts/core';
import { verdictMetric, type Bm25Baseline, type Comparison } from '../../shared/comparison.ts';
import { bandTitles, type BandKind } from '../../shared/spread.ts';
import { barRows, bars, barValueAxis, figureAxis, nameAxis, panels } from './comparisonBars.ts';
import { baselineNameWidth, baselineValues, learningCurves, legend, metricAxis, stepAxis } from './comparisonCurves.ts';
import { faintInk, ink, renderPicture, sectionTitle, type Box, type ChartSize } from './picture.ts';

/** A size in which every recipe has its row among the bars and in the legend. */
export function chartSize(comparison: Comparison): ChartSize {
  return { width: 1200, height: fixedHeight + barsHeight(comparison) + curvesHeight(comparison) };
}

/**
 * A comparison as a PNG picture on white: bars of the standardised MRR, NDCG@10 and MAP@10 at the best of each run, and
 * the learning curves of the full-corpus `mrr@10`, with the untrained encoder in both and BM25 beside the curves. Seeds
 * are one: means, with bands.
 */
export function renderComparisonChart(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  band: BandKind,
  size: ChartSize = chartSize(comparison),
): Buffer {
  return renderPicture(chartOption(comparison, bm25, band, size), size);
}

const margin = 28;
const nameWidth = 216;
const panelGap = 28;
/** The column of figures to the right of each panel. */
const figureWidth = 52;
const legendWidth = 250;

/** Of titles, axes and the space between. */
const fixedHeight = 290;

function barsHeight({ recipes, untrained }: Comparison): number {
  return 28 * Math.max(recipes.length + untrained.length, 4);
}

function curvesHeight({ recipes }: Comparison): number {
  return Math.max(300, 34 * recipes.length);
}

function panelBoxes(comparison: Comparison, { width, height }: ChartSize): Box[] {
  const left = margin + nameWidth + 10;
  const each = (width - left - margin - panelGap * (panels.length - 1)) / panels.length;
  const share = barsHeight(comparison) / (barsHeight(comparison) + curvesHeight(comparison));
  return panels.map((_, index) => ({
    left: left + index * (each + panelGap),
    top: 122,
    width: each - figureWidth,
    height: Math.round((height - fixedHeight) * share),
  }));
}

function curveBox({ top, height: barsHeight }: Box, { width, height }: ChartSize): Box {
  return {
    left: margin + 44,
    top: top + barsHeight + 100,
    width: width - margin * 2 - 44 - legendWidth - baselineNameWidth,
    height: height - fixedHeight - barsHeight,
  };
}

function chartOption(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  band: BandKind,
  size: ChartSize,
): EChartsCoreOption {
  const boxes = panelBoxes(comparison, size);
  const curves = curveBox(boxes[0]!, size);
  const rows = barRows(comparison);
  const meaning = comparison.recipes.some(({ runs }) => runs.length > 1)
    ? `, mean over seeds with ${bandTitles[band]}`
    : '';
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
      ...panels.map(({ title }, index) => sectionTitle(title, boxes[index]!, 'best, standardised')),
      sectionTitle('Learning curves', { ...curves, left: margin }, `${verdictMetric}, full corpus${meaning}`),
    ],
    grid: [...boxes, curves].map((box) => ({ ...box, outerBoundsMode: 'none' })),
    xAxis: [...boxes.map((_, index) => barValueAxis(index, rows, band)), stepAxis(boxes.length)],
    yAxis: [
      ...boxes.map((_, index) => nameAxis(index, rows, nameWidth)),
      metricAxis(
        boxes.length,
        baselineValues(comparison, bm25).map(({ value }) => value),
      ),
      ...panels.map(({ metric }, index) => figureAxis(metric, index, rows, comparison.untrained.length < 2)),
    ],
    legend: legend(comparison, curves, legendWidth),
    series: [
      ...panels.flatMap(({ metric }, index) => bars(metric, index, rows, comparison, band)),
      ...learningCurves(comparison, bm25, boxes.length, band),
    ],
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
