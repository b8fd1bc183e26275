import type { Curve } from './chart.ts';
import { downsample } from './downsample.ts';
import { colourOf, type ChartTheme } from './theme.ts';

/** What ECharts hands to a series that draws itself; its own types name far more. */
interface DrawingParams {
  readonly dataIndex: number;
  readonly coordSys: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}
interface DrawingApi {
  coord(point: readonly [number, number]): [number, number];
}

/** The band of a curve: one area for each stretch without a gap, drawn when the first of its points is asked for. */
export function bandSeries(curve: Curve, theme: ChartTheme, logY: boolean, buckets: number | null): object[] {
  if (!curve.band) return [];
  const stretches = stretchesOf(curve, logY, buckets);
  const fill = colourOf(curve.style, theme);
  return [
    {
      id: `${curve.id}/band`,
      name: curve.name,
      type: 'custom',
      data: stretches.flat(),
      dimensions: ['x', 'low', 'high'],
      encode: { x: 'x', y: ['low', 'high'] },
      silent: true,
      clip: true,
      z: 1,
      itemStyle: { color: fill },
      renderItem: ({ dataIndex }: DrawingParams, api: DrawingApi) =>
        dataIndex === 0
          ? {
              type: 'group',
              children: stretches.map((stretch) => ({
                type: 'polygon',
                shape: { points: outline(stretch, api) },
                style: { fill, opacity: 0.12 },
              })),
            }
          : null,
    },
  ];
}

type Edge = readonly [x: number, low: number, high: number];

/** There along the upper edge, and back along the lower one. */
function outline(stretch: readonly Edge[], api: DrawingApi): [number, number][] {
  return [
    ...stretch.map(([x, , high]) => api.coord([x, high])),
    ...stretch.toReversed().map(([x, low]) => api.coord([x, low])),
  ];
}

/** A logarithm has no place for an edge that is not positive: the area ends there, as the line does. */
function stretchesOf({ x, band }: Curve, logY: boolean, buckets: number | null): Edge[][] {
  const { low, high } = band!;
  const stretches: Edge[][] = [];
  let open = false;
  for (const index of drawnPoints(x, low, high, buckets)) {
    const edge: Edge = [x[index]!, low[index]!, high[index]!];
    const drawable = edge.every(Number.isFinite) && !(logY && edge[1] <= 0);
    if (drawable && !open) stretches.push([]);
    if (drawable) stretches.at(-1)!.push(edge);
    open = drawable;
  }
  return stretches;
}

/** Ascending indices that keep the extremes of both edges. */
function drawnPoints(
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  buckets: number | null,
): Iterable<number> {
  if (buckets === null) return Array.from(x, (_, index) => index);
  return [...new Set([...downsample(x, low, buckets), ...downsample(x, high, buckets)])].sort((a, b) => a - b);
}
