import { createCanvas } from '@napi-rs/canvas';
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { CustomSeriesOption } from 'echarts/charts';
import { seriesColours } from '../../shared/charts/palette.ts';
import type { ChartTheme } from '../../shared/charts/theme.ts';
import type { Range } from '../../shared/spread.ts';
import { chartFont } from './font.ts';

/** What every picture of a report is drawn with. */

echarts.use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  CanvasRenderer,
]);
// ECharts measures text on canvases that it makes itself.
echarts.setPlatformAPI({ createCanvas: () => createCanvas(32, 32) });

/** In points; the picture has twice as many pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** A part of a picture, in points. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Black on white, as on paper. */
export const printTheme: ChartTheme = {
  dark: false,
  text: '#222222',
  muted: '#666666',
  border: '#e6e6e6',
  surface: '#ffffff',
  accent: '#222222',
  series: seriesColours.light,
  font: chartFont(),
};
export const ink = printTheme.text;
export const faintInk = printTheme.muted;
const pixelRatio = 2;

/** A PNG on white. */
export function renderPicture(option: echarts.EChartsCoreOption, size: ChartSize): Buffer {
  const canvas = createCanvas(size.width * pixelRatio, size.height * pixelRatio);
  const chart = echarts.init(canvas, null, { ...size, renderer: 'canvas', devicePixelRatio: pixelRatio });
  try {
    chart.setOption({
      backgroundColor: printTheme.surface,
      animation: false,
      textStyle: { fontFamily: printTheme.font, color: ink },
      ...option,
    });
    return canvas.toBuffer('image/png');
  } finally {
    chart.dispose();
  }
}

export function sectionTitle(text: string, { left, top }: Pick<Box, 'left' | 'top'>, remark: string): object {
  const style = { fontSize: 14, color: ink, rich: { remark: { fontSize: 12, fontWeight: 'normal', color: faintInk } } };
  return { left: left - 5, top: top - 36, text: `${text}  {remark|${remark}}`, textStyle: style };
}

/** The place of values on the picture; ECharts' own type names far more. */
interface DrawingApi {
  coord(point: readonly [number, number]): number[];
}

/** Bars of error over horizontal bars, by row. */
export function errorBars(ranges: readonly (Range | null)[], axis: number): CustomSeriesOption {
  const known = ranges.flatMap((range, row) => (range ? [{ row, range }] : []));
  return {
    type: 'custom',
    xAxisIndex: axis,
    yAxisIndex: axis,
    silent: true,
    z: 5,
    data: known.map(({ row, range }) => [range.high, row]),
    renderItem: ({ dataIndex }, api) => {
      const { row, range } = known[dataIndex]!;
      const drawing = api as unknown as DrawingApi;
      const [left, right] = [drawing.coord([range.low, row]), drawing.coord([range.high, row])];
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: ink, lineWidth: 1.2 },
      });
      const [x1, x2, y] = [left[0]!, right[0]!, left[1]!];
      return { type: 'group', children: [line(x1, y, x2, y), line(x1, y - 4, x1, y + 4), line(x2, y - 4, x2, y + 4)] };
    },
  };
}
