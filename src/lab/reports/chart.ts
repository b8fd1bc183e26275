import { createCanvas } from '@napi-rs/canvas';
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { MetricName } from '../../shared/metrics.ts';
import { verdictMetric, type ComparedRun, type Comparison } from '../../shared/comparison.ts';
import { runStyle, untrainedColour } from './chartStyle.ts';
import { chartFont } from './font.ts';
import { shorten } from './textTable.ts';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, CanvasRenderer]);
// ECharts measures text on canvases that it makes itself.
echarts.setPlatformAPI({ createCanvas: () => createCanvas(32, 32) });

/** In points; the picture has twice as many pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const pixelRatio = 2;
const panels: readonly { readonly metric: MetricName; readonly title: string }[] = [
  { metric: 'standardized/mrr', title: 'MRR' },
  { metric: 'standardized/ndcg@10', title: 'NDCG@10' },
  { metric: 'standardized/map@10', title: 'MAP@10' },
];

/** A size in which every run has its row among the bars and in the legend. */
export function chartSize(comparison: Comparison): ChartSize {
  return { width: 1200, height: fixedHeight + barsHeight(comparison) + curvesHeight(comparison) };
}

/**
 * A comparison as a PNG picture on white: bars of the standardised MRR, NDCG@10 and MAP@10 at each
 * run's best, and the learning curves of the full-corpus `mrr@10`, the untrained encoder in both.
 */
export function renderComparisonChart(comparison: Comparison, size: ChartSize = chartSize(comparison)): Buffer {
  const canvas = createCanvas(size.width * pixelRatio, size.height * pixelRatio);
  const chart = echarts.init(canvas, null, { ...size, renderer: 'canvas', devicePixelRatio: pixelRatio });
  try {
    chart.setOption(chartOption(comparison, size));
    return canvas.toBuffer('image/png');
  } finally {
    chart.dispose();
  }
}

// --- Layout -------------------------------------------------------------------------------------

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const margin = 28;
const nameWidth = 216;
const panelGap = 28;
/** The column of figures to the right of each panel. */
const figureWidth = 52;
const legendWidth = 250;

/** Of titles, axes and the space between. */
const fixedHeight = 290;

function barsHeight({ runs, baselines }: Comparison): number {
  return 28 * Math.max(runs.length + baselines.length, 4);
}

function curvesHeight({ runs }: Comparison): number {
  return Math.max(300, 34 * runs.length);
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
  return { left: margin + 44, top: top + barsHeight + 100, width: width - margin * 2 - 44 - legendWidth - 24, height: height - fixedHeight - barsHeight };
}

function chartOption(comparison: Comparison, size: ChartSize): echarts.EChartsCoreOption {
  const boxes = panelBoxes(comparison, size);
  const curves = curveBox(boxes[0]!, size);
  const rows = barRows(comparison);
  return {
    backgroundColor: '#ffffff',
    animation: false,
    textStyle: { fontFamily: chartFont(), color: ink },
    title: [
      { left: margin - 5, top: 20, text: 'Losses compared', subtext: subtitle(comparison), textStyle: { fontSize: 20, color: ink }, subtextStyle: { fontSize: 13, color: faintInk }, itemGap: 12 },
      ...panels.map(({ title }, index) => sectionTitle(title, boxes[index]!, 'best, standardised')),
      sectionTitle('Learning curves', { ...curves, left: margin }, `${verdictMetric}, full corpus`),
    ],
    grid: [...boxes, curves].map((box) => ({ ...box, outerBoundsMode: 'none' })),
    xAxis: [...boxes.map((_, index) => barValueAxis(index, rows)), stepAxis(boxes.length)],
    yAxis: [...boxes.map((_, index) => nameAxis(index, rows)), metricAxis(boxes.length), ...panels.map(({ metric }, index) => figureAxis(metric, index, rows, comparison.baselines.length < 2))],
    legend: legend(comparison, curves),
    series: [...panels.map(({ metric }, index) => bars(metric, index, rows, comparison)), ...learningCurves(comparison, boxes.length)],
  };
}

const ink = '#222222';
const faintInk = '#666666';
const gridLine = '#e6e6e6';

function subtitle({ runs }: Comparison): string {
  const shared = <T>(values: readonly T[], one: (value: T) => string, many: string): string => (new Set(values).size === 1 ? one(values[0]!) : many);
  return [
    shared(runs.map(({ dataset }) => dataset), (dataset) => `dataset ${dataset}`, 'several datasets'),
    shared(runs.map(({ seed }) => seed), (seed) => `seed ${seed}`, 'several seeds'),
    shared(runs.map(({ device }) => device), (device) => `trained on ${device ?? 'no device'}`, 'several devices'),
  ].join('  ·  ');
}

function sectionTitle(text: string, { left, top }: Box, remark: string): object {
  const style = { fontSize: 14, color: ink, rich: { remark: { fontSize: 12, fontWeight: 'normal', color: faintInk } } };
  return { left: left - 5, top: top - 36, text: `${text}  {remark|${remark}}`, textStyle: style };
}

// --- Bars ---------------------------------------------------------------------------------------

interface BarRow {
  readonly name: string;
  readonly colour: string;
  readonly value: (metric: MetricName) => number | undefined;
  /** What is said where there is no value. */
  readonly missing: string;
}

function barRows({ baselines, runs }: Comparison): BarRow[] {
  const untrained = baselines.map(({ name, metrics }) => ({
    name,
    colour: untrainedColour,
    value: (metric: MetricName) => metrics[metric],
    missing: 'none',
  }));
  const trained = runs.map(({ name, best, state }, index) => ({
    name,
    colour: runStyle(index).colour,
    value: (metric: MetricName) => best[metric]?.value,
    missing: state === 'finished' ? 'none' : state,
  }));
  return [...untrained, ...trained];
}

function barValueAxis(gridIndex: number, rows: readonly BarRow[]): object {
  const values = panels.flatMap(({ metric }) => rows.map((row) => row.value(metric) ?? NaN));
  const highest = Math.max(0.1, ...values.filter(Number.isFinite));
  return {
    type: 'value',
    gridIndex,
    min: 0,
    // The same scale in all panels.
    max: Math.ceil(highest * 10) / 10,
    interval: 0.2,
    axisLabel: { color: faintInk, fontSize: 11, showMaxLabel: false, formatter: (value: number) => value.toFixed(1) },
    splitLine: { lineStyle: { color: gridLine } },
  };
}

function nameAxis(gridIndex: number, rows: readonly BarRow[]): object {
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
function figureAxis(metric: MetricName, gridIndex: number, rows: readonly BarRow[], comparable: boolean): object {
  const highest = Math.max(...rows.map((row) => row.value(metric) ?? NaN).filter(Number.isFinite));
  const figure = ({ value, missing }: BarRow): string => {
    const known = value(metric);
    if (known === undefined) return `{missing|${missing}}`;
    if (!Number.isFinite(known)) return `{missing|${known}}`;
    return comparable && known === highest ? `{highest|${known.toFixed(3)}}` : known.toFixed(3);
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

function bars(metric: MetricName, axis: number, rows: readonly BarRow[], { baselines }: Comparison): BarSeriesOption {
  const untrained = baselines.map(({ metrics }) => metrics[metric] ?? NaN).filter(Number.isFinite);
  return {
    type: 'bar',
    xAxisIndex: axis,
    yAxisIndex: axis,
    barCategoryGap: '32%',
    data: rows.map(({ value, colour }) => ({ value: drawable(value(metric)), itemStyle: { color: colour } })),
    markLine: { ...untrainedLine, label: { show: false }, data: untrained.map((value) => ({ xAxis: value })) },
  };
}

const untrainedLine = {
  silent: true,
  symbol: 'none',
  // Not rounded to the two places that are the default.
  precision: 8,
  lineStyle: { color: untrainedColour, type: 'dashed', width: 1.2 },
} as const;

/** `-` is a gap. */
function drawable(value: number | undefined): number | '-' {
  return value !== undefined && Number.isFinite(value) ? value : '-';
}

// --- Learning curves ----------------------------------------------------------------------------

function stepAxis(gridIndex: number): object {
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

function metricAxis(gridIndex: number): object {
  return {
    type: 'value',
    gridIndex,
    scale: true,
    name: 'mrr@10',
    nameLocation: 'middle',
    nameGap: 42,
    nameTextStyle: { color: ink, fontSize: 12 },
    axisLabel: { color: faintInk, fontSize: 11, formatter: (value: number) => value.toFixed(2) },
    splitLine: { lineStyle: { color: gridLine } },
  };
}

function learningCurves({ baselines, runs }: Comparison, axis: number): LineSeriesOption[] {
  const untrained = baselines.map(({ name, metrics }) => ({ name, value: metrics[verdictMetric] ?? NaN })).filter(({ value }) => Number.isFinite(value));
  return runs.map((run, index) => {
    const { colour, symbol, dash } = runStyle(index);
    return {
      type: 'line',
      name: legendName(run),
      xAxisIndex: axis,
      yAxisIndex: axis,
      symbol,
      symbolSize: 7,
      showSymbol: run.evaluations.length <= 40,
      lineStyle: { color: colour, width: 2, type: dash },
      itemStyle: { color: colour },
      // The best run last, so that nothing covers it.
      z: 3 + runs.length - index,
      data: curveOf(run).map(({ step, value }) => [step, drawable(value)]),
      ...(index === 0 && {
        markLine: {
          ...untrainedLine,
          label: { position: 'insideEndTop', color: faintInk, fontSize: 11, formatter: '{b}' },
          data: untrained.map(({ name, value }) => ({ name, yAxis: value })),
        },
      }),
    };
  });
}

/** Runs that were not evaluated untrained begin where others of the same encoder did. */
function curveOf({ baseline, evaluations }: ComparedRun): { step: number; value: number }[] {
  const trained = evaluations.filter(({ step }) => step > 0).map(({ step, metrics }) => ({ step, value: metrics[verdictMetric] ?? NaN }));
  const start = baseline?.metrics[verdictMetric];
  return start === undefined ? trained : [{ step: 0, value: start }, ...trained];
}

function legend({ runs }: Comparison, curves: Box): object {
  return {
    type: 'plain',
    orient: 'vertical',
    left: curves.left + curves.width + 20,
    top: curves.top - 4,
    height: curves.height + 60,
    itemGap: 9,
    itemWidth: 26,
    itemHeight: 8,
    textStyle: { color: ink, fontSize: 12, width: legendWidth - 40, overflow: 'break', lineHeight: 14 },
    data: runs.map((run) => ({ name: legendName(run) })),
    formatter: (name: string) => shorten(name, 50),
  };
}

function legendName({ name, state }: ComparedRun): string {
  return state === 'finished' ? name : `${name} (${state})`;
}
