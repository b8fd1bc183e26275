import { verdictMetric, type Bm25Baseline, type Comparison } from '../../shared/comparison.ts';
import { qualityChart } from '../../shared/comparison/charts/qualityChart.ts';
import { isBaseline, rowsOf } from '../../shared/comparison/rows.ts';
import { stylesOf } from '../../shared/comparison/styles.ts';
import { metricTitle } from '../../shared/metrics.ts';
import { bandTitles, type BandKind } from '../../shared/spread.ts';
import { legendWidth, linePanel } from './linePanel.ts';
import { renderPicture, sectionTitle, type Box, type ChartSize } from './picture.ts';

/**
 * What quality costs, as a PNG picture on white: the verdict's metric of each recipe against its seconds of training, seeds
 * as one, and the frontier of what nothing else beats at the price.
 */
export function renderFrontierChart(comparison: Comparison, bm25: readonly Bm25Baseline[], band: BandKind): Buffer {
  const rows = rowsOf(comparison, bm25, 'recipe');
  const chart = qualityChart(comparison.recipes, rows.filter(isBaseline), {
    metric: verdictMetric,
    unit: 'seconds',
    band,
    styles: stylesOf(comparison, rows),
  });
  const size: ChartSize = { width: 1200, height: 150 + Math.max(300, 34 * comparison.recipes.length) };
  const box: Box = { left: 52, top: 60, width: size.width - 80 - legendWidth, height: size.height - 120 };
  const { xAxis, yAxis, legend, series } = linePanel(chart, box, 0);
  const meaning = chart.spread ? `, mean over seeds with ${bandTitles[band]}` : '';
  return renderPicture(
    {
      title: sectionTitle(
        'Quality against time',
        { left: 28, top: box.top },
        `${metricTitle(verdictMetric)}, full corpus${meaning}`,
      ),
      grid: { ...box, outerBoundsMode: 'none' },
      xAxis,
      yAxis,
      legend,
      series,
    },
    size,
  );
}
