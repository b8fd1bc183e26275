import { onScopeDispose, shallowRef, type Ref } from 'vue';
import { seriesColours } from '../../shared/charts/palette.ts';
import type { ChartTheme } from '../../shared/charts/theme.ts';

/** Makes the colours of series known to style sheets, as `--series-1`, …: each follows the theme of the page. */
export function provideSeriesColours(): void {
  for (const [index, light] of seriesColours.light.entries())
    document.documentElement.style.setProperty(
      `--series-${index + 1}`,
      `light-dark(${light}, ${seriesColours.dark[index]})`,
    );
}

/** The theme of the page as it is now, read from its CSS variables. */
export function readTheme(): ChartTheme {
  const probe = document.createElement('span');
  document.documentElement.append(probe);
  // The computed colour of an element is resolved to numbers, whatever the variable is written as.
  const colour = (variable: string): string => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const surface = colour('--surface-raised');
  const dark = luminance(surface) < 0.5;
  const theme: ChartTheme = {
    dark,
    text: colour('--text'),
    muted: colour('--text-muted'),
    border: colour('--border'),
    surface,
    accent: colour('--accent'),
    series: dark ? seriesColours.dark : seriesColours.light,
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
