import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { AxisPointerComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

/** The parts of ECharts that LossLab draws with: canvas on the screen, SVG for files. */
use([LineChart, BarChart, ScatterChart, GridComponent, TooltipComponent, AxisPointerComponent, LegendComponent, TitleComponent, CanvasRenderer, SVGRenderer]);

export { init };
export type { ECharts, EChartsCoreOption as ChartOption };
