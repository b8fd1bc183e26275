import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

/**
 * The parts of ECharts that LossLab draws with: canvas on the screen, SVG for files. Tooltips are not
 * among them: theirs are written with style attributes, which a strict Content-Security-Policy
 * forbids, and hold the drawn points only (see reading.ts).
 */
use([
  LineChart,
  BarChart,
  ScatterChart,
  CustomChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  CanvasRenderer,
  SVGRenderer,
]);

export { init };
export type { ECharts, EChartsCoreOption as ChartOption };
