import { onScopeDispose, shallowRef, type Ref } from 'vue';
import { colourCount, type LineStyle } from './palette.ts';

/** What charts are drawn with; read from the CSS variables of the page, so that there is one palette. */
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
export function colourOf(style: LineStyle, theme: ChartTheme): string {
  return style.colour === null ? theme.muted : theme.series[style.colour]!;
}

/** The theme of the page as it is now. */
export function readTheme(): ChartTheme {
  const probe = document.createElement('span');
  document.documentElement.append(probe);
  // The computed colour of an element is resolved to numbers, whatever the variable is written as.
  const colour = (variable: string): string => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const surface = colour('--surface-raised');
  const theme: ChartTheme = {
    dark: luminance(surface) < 0.5,
    text: colour('--text'),
    muted: colour('--text-muted'),
    border: colour('--border'),
    surface,
    accent: colour('--accent'),
    series: Array.from({ length: colourCount }, (_, i) => colour(`--series-${i + 1}`)),
    // In an SVG file it stands between double quotes.
    font: getComputedStyle(document.body).fontFamily.replaceAll('"', "'"),
  };
  probe.remove();
  return theme;
}

/** The theme of light or of dark, whichever the page shows: the page is switched and back before anything is painted. */
export function readThemeOf(mode: 'light' | 'dark'): ChartTheme {
  const root = document.documentElement;
  const shown = root.dataset.theme;
  root.dataset.theme = mode;
  const theme = readTheme();
  if (shown === undefined) delete root.dataset.theme;
  else root.dataset.theme = shown;
  return theme;
}

/** The theme, following the page's and the system's. */
export function useChartTheme(): Readonly<Ref<ChartTheme>> {
  const theme = shallowRef(readTheme());
  const update = (): void => {
    const now = readTheme();
    if (JSON.stringify(now) !== JSON.stringify(theme.value)) theme.value = now;
  };
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', update);
  onScopeDispose(() => {
    observer.disconnect();
    system.removeEventListener('change', update);
  });
  return theme;
}

/** Perceived lightness, 0 to 1, of `rgb(r, g, b)`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
