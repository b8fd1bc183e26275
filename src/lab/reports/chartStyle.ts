/** How a run looks in every panel of a picture: never told apart by colour alone. */
export interface RunStyle {
  readonly colour: string;
  readonly symbol: (typeof symbols)[number];
  readonly dash: (typeof dashes)[number];
}

export const untrainedColour = '#8a8a8a';

/**
 * Told apart with every common kind of colour blindness: Okabe and Ito's colours (Color Universal
 * Design, 2008), their yellow and black, too faint and too heavy on white, exchanged for a wine
 * and an olive of Paul Tol's.
 */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#882255', '#999933'] as const;
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
const dashes = ['solid', 'dashed', 'dotted'] as const;

/** The style of the run at `index`, 0 for the first. */
export function runStyle(index: number): RunStyle {
  return {
    colour: colours[index % colours.length]!,
    symbol: symbols[index % symbols.length]!,
    dash: dashes[Math.floor(index / colours.length) % dashes.length]!,
  };
}
