import { expect, test } from 'vitest';
import { chartToSvg } from '../../../../src/renderer/charts/exportChart.ts';
import { untrainedStyle, seriesStyle } from '../../../../src/shared/charts/palette.ts';
import type { Chart } from '../../../../src/shared/charts/chart.ts';
import type { ChartTheme } from '../../../../src/shared/charts/theme.ts';

const theme: ChartTheme = {
  dark: true,
  text: 'rgb(229, 232, 238)',
  muted: 'rgb(155, 165, 180)',
  border: 'rgb(44, 50, 60)',
  surface: 'rgb(26, 30, 37)',
  accent: 'rgb(134, 171, 255)',
  font: "'Segoe UI', sans-serif",
  series: Array.from({ length: 9 }, (_, i) => `rgb(${i}, 200, 100)`),
};
const x = Float64Array.from({ length: 10_000 }, (_, i) => i);
const chart: Chart = {
  kind: 'lines',
  title: 'MRR@10 <b> & "more"',
  xTitle: 'Step',
  wholeX: true,
  yTitle: '',
  logY: false,
  digits: 4,
  curves: [
    { id: 'baseline/untrained', name: 'untrained', style: untrainedStyle, x: [0, 10_000], y: [0.4, 0.4] },
    { id: 'a', name: '<script>alert(1)</script>', style: seriesStyle(0), x, y: x.map((step) => step % 2) },
  ],
};

test('an SVG file has title, legend and background, and names as text', async () => {
  const svg = await chartToSvg(chart, theme).text();
  expect(svg).toMatch(/^<svg width="960" height="540"/);
  expect(svg).toContain('fill="rgb(26, 30, 37)"');
  expect(svg).toContain('MRR@10 &lt;b&gt; &amp; &quot;more&quot;');
  expect(svg).toContain('untrained');
  expect(svg).not.toContain('<script');
});

test('its attributes are well-formed: nothing but tags and text between tags', async () => {
  const svg = await chartToSvg(chart, theme).text();
  const tags = /<\/?[a-zA-Z:]+(\s+[\w:-]+="[^"<>]*")*\s*\/?>/g;
  expect(svg.replace(/<!\[CDATA\[.*?\]\]>/gs, '').replace(tags, '')).not.toMatch(/[<>]/);
});

test('it is drawn from all data', async () => {
  const svg = await chartToSvg(chart, theme).text();
  expect(svg.match(/L/g)!.length).toBeGreaterThan(9_000);
});
