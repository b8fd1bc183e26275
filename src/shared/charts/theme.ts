import type { SeriesStyle } from './palette.ts';

/** What charts are drawn with. */
export interface ChartTheme {
  readonly dark: boolean;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly surface: string;
  readonly accent: string;
  readonly series: readonly string[];
  readonly font: string;
}

/** The colour a line or bar is drawn in. */
export function colourOf({ colour }: SeriesStyle, theme: ChartTheme): string {
  return colour === null ? theme.muted : theme.series[colour]!;
}
