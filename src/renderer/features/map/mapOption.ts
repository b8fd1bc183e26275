import type { EmbeddingMap, MapPoint } from '../../../shared/contract/map.ts';
import type { ChartTheme } from '../../../shared/charts/theme.ts';
import type { Frame } from './mapModel.ts';

/** More families than this would be a mesh of lines. */
const mostLinkedFamilies = 25;

/** How a kind of points is drawn; questions and answers differ in shape and colour. */
interface Mark {
  readonly symbol: 'circle' | 'diamond';
  /** Whether it is filled, or an outline. */
  readonly solid: boolean;
  readonly size: number;
  /** Of the theme's series colours. */
  readonly colour: number;
  readonly fits: (point: MapPoint) => boolean;
}

const marks: Readonly<Record<'questions' | 'best answers' | 'other answers', Mark>> = {
  questions: { symbol: 'circle', solid: true, size: 7, colour: 0, fits: ({ kind }) => kind === 'question' },
  'best answers': { symbol: 'diamond', solid: true, size: 9, colour: 1, fits: ({ best }) => best },
  'other answers': {
    symbol: 'diamond',
    solid: false,
    size: 7,
    colour: 1,
    fits: ({ kind, best }) => kind === 'answer' && !best,
  },
};

/** One layout in the words of ECharts. Where some points are `lit`, the others are pale, and each lit question is tied to its answers. */
export function mapOption(
  { points }: EmbeddingMap,
  positions: Float32Array,
  lit: readonly number[],
  { left, top, scale, width, height }: Frame,
  theme: ChartTheme,
): Record<string, unknown> {
  const axis = { type: 'value', show: false };
  const isLit = new Set(lit);
  const groups =
    lit.length === 0
      ? [{ opacity: 0.75, belongs: () => true }]
      : [
          { opacity: 0.12, belongs: (point: number) => !isLit.has(point) },
          { opacity: 1, belongs: (point: number) => isLit.has(point) },
        ];
  const at = (point: number): [number, number] => [positions[2 * point]!, positions[2 * point + 1]!];
  const scatter = groups.flatMap(({ opacity, belongs }) =>
    Object.values(marks).map(({ symbol, solid, size, colour, fits }) => ({
      type: 'scatter',
      symbol,
      symbolSize: size,
      itemStyle: {
        color: solid ? theme.series[colour] : 'transparent',
        borderColor: theme.series[colour],
        borderWidth: solid ? 0 : 1.5,
        opacity,
      },
      silent: true,
      data: points.flatMap((point, place) => (fits(point) && belongs(place) ? [at(place)] : [])),
    })),
  );
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { ...axis, min: left, max: left + width / scale },
    yAxis: { ...axis, min: top - height / scale, max: top },
    series: [
      {
        type: 'line',
        symbol: 'none',
        silent: true,
        lineStyle: { color: theme.muted, width: 1 },
        data: linksOf(points, lit, at),
      },
      ...scatter,
    ],
  };
}

/** From each lit question to each of its answers, with a gap between. */
function linksOf(
  points: readonly MapPoint[],
  lit: readonly number[],
  at: (point: number) => [number, number],
): (readonly [number, number] | readonly ['-', '-'])[] {
  const questions = new Set(lit.map((place) => points[place]!.question));
  if (questions.size > mostLinkedFamilies) return [];
  return lit
    .filter((place) => points[place]!.kind === 'answer')
    .flatMap((place) => [at(points[place]!.question), at(place), ['-', '-'] as const]);
}
