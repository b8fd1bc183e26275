import type { LineChart } from '../../shared/charts/chart.ts';
import { xAxisOf, yAxisOf } from '../../shared/charts/chartOption.ts';
import { lineSeries } from '../../shared/charts/lineSeries.ts';
import { ink, printTheme, type Box } from './picture.ts';
import { shorten } from './textWidth.ts';

/** A line chart in a picture: drawn as on the screen, from all data, with a legend at its side. */
export interface LinePanel {
  readonly xAxis: object;
  readonly yAxis: object;
  readonly legend: object;
  readonly series: readonly object[];
}

export const legendWidth = 250;

/** `axis`: of the picture, which may have others before it. */
export function linePanel(chart: LineChart, box: Box, axis: number): LinePanel {
  return {
    xAxis: { ...xAxisOf(chart, printTheme), gridIndex: axis },
    yAxis: { ...yAxisOf(chart, printTheme), gridIndex: axis },
    legend: legend(chart, box),
    series: lineSeries(chart, printTheme, null).map((series) => ({ ...series, xAxisIndex: axis, yAxisIndex: axis })),
  };
}

/** What has its name at its line needs none here. */
function legend({ curves }: LineChart, box: Box): object {
  return {
    type: 'plain',
    orient: 'vertical',
    left: box.left + box.width + 24,
    top: box.top - 4,
    height: box.height + 60,
    itemGap: 9,
    itemWidth: 26,
    itemHeight: 8,
    textStyle: { color: ink, fontSize: 12, width: legendWidth - 40, overflow: 'break', lineHeight: 14 },
    data: curves.filter(({ named }) => !named).map(({ name }) => ({ name })),
    formatter: (name: string) => shorten(name, 50),
  };
}
