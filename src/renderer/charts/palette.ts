/** The tenth series colour is a grey, too near to the untrained encoder's. */
export const colourCount = 9;

export interface LineStyle {
  /** Index into the theme's series colours; null is the grey of baselines. */
  readonly colour: number | null;
  readonly pattern: 'solid' | 'dashed' | 'dotted';
}

const patterns = ['solid', 'dotted', 'dashed'] as const;

/** How curves are told apart: nine colours, and beyond them the same nine as dotted, then as dashed lines. */
export function lineStyle(index: number): LineStyle {
  return { colour: index % colourCount, pattern: patterns[Math.floor(index / colourCount) % patterns.length]! };
}

/** Of the untrained encoder and of BM25: no other line is grey. */
export const baselineStyle: LineStyle = { colour: null, pattern: 'dashed' };
export const bm25Style: LineStyle = { colour: null, pattern: 'dotted' };
