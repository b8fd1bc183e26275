import { createCanvas } from '@napi-rs/canvas';
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { CustomSeriesOption } from 'echarts/charts';
import type { Range } from '../../shared/spread.ts';
import { untrainedColour } from './chartStyle.ts';
import { chartFont } from './font.ts';

/** What every picture of a report is drawn with. */

echarts.use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
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

export const ink = '#222222';
export const faintInk = '#666666';
export const gridLine = '#e6e6e6';
const pixelRatio = 2;

/** A PNG on white. */
export function renderPicture(option: echarts.EChartsCoreOption, size: ChartSize): Buffer {
  const canvas = createCanvas(size.width * pixelRatio, size.height * pixelRatio);
  const chart = echarts.init(canvas, null, { ...size, renderer: 'canvas', devicePixelRatio: pixelRatio });
  try {
    chart.setOption({
      backgroundColor: '#ffffff',
      animation: false,
      textStyle: { fontFamily: chartFont(), color: ink },
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

/** `-` is a gap. */
export function drawable(value: number | undefined): number | '-' {
  return value !== undefined && Number.isFinite(value) ? value : '-';
}

/** A dashed line for what does not change with training. */
export const baselineLine = {
  silent: true,
  symbol: 'none',
  // Not rounded to the two places that are the default.
  precision: 8,
  lineStyle: { color: untrainedColour, type: 'dashed', width: 1.2 },
} as const;

/** The place of values on the picture; ECharts' own type names far more. */
interface DrawingApi {
  coord(point: readonly [number, number]): number[];
}

/** A point of a curve with its band; null where there is no band. */
export interface BandPoint {
  readonly x: number;
  readonly band: Range | null;
}

/** The band around a curve: one area for each stretch of points that have one. */
export function bandSeries(points: readonly BandPoint[], colour: string, axis: number): CustomSeriesOption {
  const stretches: { x: number; band: Range }[][] = [[]];
  for (const { x, band } of points) {
    if (band) stretches.at(-1)!.push({ x, band });
    else stretches.push([]);
  }
  return {
    type: 'custom',
    xAxisIndex: axis,
    yAxisIndex: axis,
    silent: true,
    z: 1,
    // So that the axes make room for the edges.
    data: stretches.flat().flatMap(({ x, band }) => [
      [x, band.low],
      [x, band.high],
    ]),
    renderItem: ({ dataIndex }, api) =>
      dataIndex === 0
        ? {
            type: 'group',
            children: stretches.map((stretch) => ({
              type: 'polygon',
              shape: { points: outline(stretch, api as unknown as DrawingApi) },
              style: { fill: colour, opacity: 0.15 },
            })),
          }
        : null,
  };
}

/** There along the upper edge, and back along the lower one. */
function outline(stretch: readonly { readonly x: number; readonly band: Range }[], api: DrawingApi): number[][] {
  return [
    ...stretch.map(({ x, band }) => api.coord([x, band.high])),
    ...stretch.toReversed().map(({ x, band }) => api.coord([x, band.low])),
  ];
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
