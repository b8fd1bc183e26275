import type { Chart } from '../../shared/charts/chart.ts';
import { chartOption } from '../../shared/charts/chartOption.ts';
import { init, type ECharts } from './echarts.ts';
import type { ChartTheme } from '../../shared/charts/theme.ts';

/** Of a picture at 1×, in points. */
export const pictureSize = { width: 960, height: 540 } as const;

export const scales = [1, 2, 3, 4] as const;
export type Scale = (typeof scales)[number];

/** A chart with title, legend and background as a PNG of 960 × 540 pixels times `scale`, drawn from all data. */
export async function chartToPng(chart: Chart, theme: ChartTheme, scale: Scale): Promise<Blob> {
  const holder = document.createElement('div');
  const drawing = init(holder, null, { renderer: 'canvas', devicePixelRatio: scale, ...pictureSize });
  try {
    await rendered(drawing, chart, theme);
    const canvas = drawing.renderToCanvas({ pixelRatio: scale, backgroundColor: theme.surface });
    return await toBlob(canvas);
  } finally {
    drawing.dispose();
  }
}

/** The same picture as an SVG file. */
export function chartToSvg(chart: Chart, theme: ChartTheme): Blob {
  const drawing = init(null, null, { renderer: 'svg', ssr: true, ...pictureSize });
  try {
    drawing.setOption(chartOption(chart, theme, { buckets: null, alone: true }));
    return new Blob([drawing.renderToSVGString()], { type: 'image/svg+xml' });
  } finally {
    drawing.dispose();
  }
}

/** ECharts draws in the frames after an option is set, and says when it has finished. */
function rendered(drawing: ECharts, chart: Chart, theme: ChartTheme): Promise<void> {
  return new Promise((resolve) => {
    drawing.on('finished', () => resolve());
    drawing.setOption(chartOption(chart, theme, { buckets: null, alone: true }));
  });
}

function toBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else
        reject(
          new Error(`The picture of ${canvas.width} × ${canvas.height} pixels is larger than this browser can write.`),
        );
    }, 'image/png');
  });
}
