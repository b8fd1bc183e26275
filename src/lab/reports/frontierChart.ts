import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { verdictMetric, type Bm25Baseline, type Comparison } from '../../shared/comparison.ts';
import { paretoFrontier, type Offer } from '../../shared/frontier.ts';
import { bandOf, bandTitles, type BandKind } from '../../shared/spread.ts';
import { runStyle } from './chartStyle.ts';
import {
  baselineMarks,
  baselineNameWidth,
  baselineValues,
  legend,
  legendName,
  metricAxis,
} from './comparisonCurves.ts';
import { bandSeries, faintInk, ink, renderPicture, sectionTitle, type Box, type ChartSize } from './picture.ts';

/** An evaluation of a recipe, as what its quality costs. */
interface RecipeOffer extends Offer {
  readonly recipe: string;
}

const legendWidth = 250;

/**
 * What quality costs, as a PNG picture on white: the verdict's metric of each recipe against its seconds of training, seeds
 * as one, and the frontier of what nothing else beats at the price.
 */
export function renderFrontierChart(comparison: Comparison, bm25: readonly Bm25Baseline[], band: BandKind): Buffer {
  const size: ChartSize = { width: 1200, height: 150 + Math.max(300, 34 * comparison.recipes.length) };
  const box: Box = {
    left: 72,
    top: 60,
    width: size.width - 100 - legendWidth - baselineNameWidth,
    height: size.height - 120,
  };
  const several = comparison.recipes.some(({ runs }) => runs.length > 1);
  return renderPicture(
    {
      title: sectionTitle(
        'Quality against time',
        { left: 28, top: box.top },
        `${verdictMetric}, full corpus${several ? `, mean over seeds with ${bandTitles[band]}` : ''}`,
      ),
      grid: { ...box, outerBoundsMode: 'none' },
      xAxis: timeAxis,
      yAxis: metricAxis(
        0,
        baselineValues(comparison, bm25).map(({ value }) => value),
      ),
      legend: legend(comparison, box, legendWidth, [frontierName]),
      series: [...curves(comparison, bm25, band), frontierLine(comparison)],
    },
    size,
  );
}

const timeAxis = {
  type: 'value',
  name: 'seconds of training',
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { color: ink, fontSize: 12 },
  min: 0,
  axisLabel: { color: faintInk, fontSize: 11, hideOverlap: true },
  axisLine: { show: true, lineStyle: { color: '#999999' } },
  splitLine: { show: false },
};

function curves(
  comparison: Comparison,
  bm25: readonly Bm25Baseline[],
  band: BandKind,
): (LineSeriesOption | CustomSeriesOption)[] {
  const marks = baselineMarks(baselineValues(comparison, bm25));
  return comparison.recipes.flatMap((recipe, index) => {
    const { colour, symbol, dash } = runStyle(index);
    const points = recipe.evaluations.flatMap(({ compute, metrics }) => {
      const spread = metrics[verdictMetric];
      return spread ? [{ x: compute.seconds, spread }] : [];
    });
    return [
      bandSeries(
        points.map(({ x, spread }) => ({ x, band: bandOf(spread, band) })),
        colour,
        0,
      ),
      {
        type: 'line',
        name: legendName(recipe, comparison),
        symbol,
        symbolSize: 7,
        lineStyle: { color: colour, width: 1.5, type: dash },
        itemStyle: { color: colour },
        z: 3,
        data: points.map(({ x, spread }) => [x, spread.mean]),
        ...(index === 0 && { markLine: marks }),
      },
    ];
  });
}

const frontierName = 'frontier';

/** Evaluations that nothing cheaper equals. */
export function frontierOf({ recipes }: Comparison): RecipeOffer[] {
  return paretoFrontier(
    recipes.flatMap(({ name, evaluations }) =>
      evaluations.flatMap(({ step, compute, metrics }) =>
        step > 0 && metrics[verdictMetric]
          ? [{ recipe: name, cost: compute.seconds, quality: metrics[verdictMetric].mean }]
          : [],
      ),
    ),
  );
}

/** Between two of its points the earlier one is the best that can be had. */
function frontierLine(comparison: Comparison): LineSeriesOption {
  return {
    type: 'line',
    name: frontierName,
    step: 'end',
    symbol: 'none',
    lineStyle: { color: ink, width: 2, type: [2, 3] },
    itemStyle: { color: ink },
    z: 4,
    data: frontierOf(comparison).map(({ cost, quality }) => [cost, quality]),
  };
}
