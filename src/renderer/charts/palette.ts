/** How curves are told apart: ten colours, and beyond them the same ten as dotted lines. */
export const colourCount = 10;

export interface LineStyle {
  /** Index into the theme's series colours; null is the colour of the untrained encoder. */
  readonly colour: number | null;
  readonly pattern: 'solid' | 'dashed' | 'dotted';
}

export function lineStyle(index: number): LineStyle {
  return { colour: index % colourCount, pattern: Math.floor(index / colourCount) % 2 === 0 ? 'solid' : 'dotted' };
}

export const baselineStyle: LineStyle = { colour: null, pattern: 'dashed' };
