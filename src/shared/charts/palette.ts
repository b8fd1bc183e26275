/** How series are told apart: on screens, in their files and in the pictures of reports. */

export interface SeriesStyle {
  /** Index into the colours of a theme; null is the grey of baselines. */
  readonly colour: number | null;
  readonly pattern: 'solid' | 'dashed' | 'dotted';
  /** Of marked values, in the words of ECharts: nothing is told by colour alone. */
  readonly symbol: (typeof symbols)[number];
}

/** Blue, vermilion, green, purple, ochre, violet, cyan, red, olive: at least 3:1 against the surface of each theme. */
export const seriesColours = {
  light: ['#0b6fb3', '#c95100', '#00805f', '#b0478d', '#8a6d00', '#5b4fc7', '#1489a3', '#a33327', '#5e7d16'],
  dark: ['#56b4e9', '#ff9d4d', '#2fc79a', '#e58cc5', '#e3c532', '#a79dff', '#4fd0e6', '#ff8a7a', '#a5cc55'],
} as const;
const colourCount = seriesColours.light.length;

const patterns = ['solid', 'dotted', 'dashed'] as const;
const symbols = [
  'circle',
  'rect',
  'triangle',
  'diamond',
  'emptyCircle',
  'emptyRect',
  'emptyTriangle',
  'emptyDiamond',
] as const;

/** Nine colours as solid lines, and beyond them the same nine as dotted, then as dashed lines. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    colour: index % colourCount,
    pattern: patterns[Math.floor(index / colourCount) % patterns.length]!,
    symbol: symbols[index % symbols.length]!,
  };
}

/** Of the untrained encoder and of BM25: no other series is grey. */
export const untrainedStyle: SeriesStyle = { colour: null, pattern: 'dashed', symbol: 'circle' };
export const bm25Style: SeriesStyle = { colour: null, pattern: 'dotted', symbol: 'circle' };
/** Of what is reached by any of them. */
export const frontierStyle: SeriesStyle = { colour: null, pattern: 'solid', symbol: 'circle' };
