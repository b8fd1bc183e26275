import { expect, test } from 'vitest';
import { describeChart, type Curve, type LineChart } from '../../../../src/renderer/charts/chart.ts';
import { chartOption } from '../../../../src/renderer/charts/chartOption.ts';
import { chartRows, chartTable } from '../../../../src/renderer/charts/chartTable.ts';
import { lineStyle } from '../../../../src/renderer/charts/palette.ts';
import { readBars, readLines } from '../../../../src/renderer/charts/reading.ts';
import type { ChartTheme } from '../../../../src/renderer/charts/theme.ts';

const theme: ChartTheme = {
  dark: false, text: '#111', muted: '#666', border: '#ccc', surface: '#fff', accent: '#00f', font: 'sans-serif',
  series: Array.from({ length: 10 }, (_, i) => `rgb(${i}, 0, 0)`),
};
const curve = (name: string, x: number[], y: number[], more: Partial<Curve> = {}): Curve => ({ id: name, name, style: lineStyle(0), x, y, ...more });
const chart = (curves: Curve[], more: Partial<LineChart> = {}): LineChart => ({ kind: 'lines', title: 'MRR@10', xTitle: 'Step', wholeX: true, yTitle: 'MRR@10', logY: false, digits: 2, curves, ...more });

interface Series { id: string; data: Float64Array; type: string }
const seriesOf = (of: LineChart, buckets: number | null = null) => chartOption(of, theme, { buckets }).series as Series[];

test('readings take the measured values of all data, not the drawn ones', () => {
  const x = Array.from({ length: 5_000 }, (_, i) => i);
  const long = chart([curve('a', x, x.map(() => 0), { raw: x.map((step) => step / 2) })]);
  expect(seriesOf(long, 100)[1]!.data.length).toBeLessThan(1_000);
  expect(readLines(long, 1_234.2)).toMatchObject({ place: 1_234, heading: 'Step 1234, as measured', lines: [{ name: 'a', value: '617.00' }] });
});

test('a reading lists the highest first and leaves out curves that end before', () => {
  const lines = readLines(chart([curve('low', [0, 10], [0.1, 0.2]), curve('high', [0, 10], [0.3, 0.4]), curve('short', [0, 1, 2], [1, 1, 1])]), 10)!.lines;
  expect(lines.map(({ name }) => name)).toEqual(['high', 'low']);
});

test('a smoothed line has the measured one behind it', () => {
  const series = seriesOf(chart([curve('a', [1, 2], [1, 1.5], { raw: [1, 2], best: { x: 2, y: 2 } })]));
  expect(series.map(({ id, type }) => [id, type])).toEqual([['a/raw', 'line'], ['a', 'line'], ['a/best', 'scatter']]);
});

test('a logarithmic axis leaves gaps where there is no logarithm', () => {
  expect([...seriesOf(chart([curve('a', [1, 2, 3], [1, 0, -1])], { logY: true }))[0]!.data]).toEqual([1, 1, 2, NaN, 3, NaN]);
});

test('steps and epochs are labelled with whole numbers, but for an epoch that has not ended', () => {
  const interval = (of: LineChart) => (chartOption(of, theme, { buckets: null }).xAxis as { minInterval?: number }).minInterval;
  expect(interval(chart([curve('untrained only', [0], [0.1])]))).toBe(1);
  expect(interval(chart([curve('a', [0, 0.5], [0.1, 0.2])]))).toBeUndefined();
  expect(interval(chart([curve('a', [0, 0.5], [0.1, 0.2]), curve('b', [0, 1], [0.1, 0.2])]))).toBe(1);
  expect(interval(chart([curve('a', [0, 9.5], [0.1, 0.2])], { wholeX: false }))).toBeUndefined();
});

test('a reading of bars is that of a group', () => {
  const bars = { kind: 'bars', title: '', yTitle: '', digits: 1, groups: ['MRR@10'], bars: [{ id: 'a', name: 'a', style: lineStyle(0), values: [0.5] }] } as const;
  expect(readBars(bars, 0)).toMatchObject({ heading: 'MRR@10', lines: [{ name: 'a', value: '0.5' }] });
  expect(readBars(bars, 1)).toBeNull();
});

test('the table lists every value of few, and sums up many', () => {
  const few = chart([curve('a', [0, 5], [0.1, 0.2]), curve('b', [5], [0.3])]);
  expect(chartTable(few)).toEqual({ headings: ['Step', 'a', 'b'], rows: [['0', '0.10', '–'], ['5', '0.20', '0.30']] });
  const x = Array.from({ length: 100 }, (_, i) => i);
  expect(chartTable(chart([curve('a', x, x.map((i) => (i === 3 ? NaN : i)))])).rows).toEqual([['a', '99', '0.00', '0.00', '99.00', '99.00']]);
});

test('the rows of a file hold what was measured', () => {
  expect(chartRows(chart([curve('a', [1, 2], [0, 0], { raw: [0.123456789, 2] }), curve('b', [2], [3])]))).toEqual([['Step', 'a', 'b'], [1, 0.123456789, null], [2, 2, 3]]);
});

test('a chart says in a sentence what it shows', () => {
  expect(describeChart(chart([curve('a', [0, 5], [0.1, 0.2])]))).toBe('Line chart, MRR@10 by step, 1 line. Last values: a 0.20.');
  expect(describeChart({ kind: 'bars', title: 'Final metrics', yTitle: '', digits: 2, groups: ['MRR@10'], bars: [{ id: 'a', name: 'a', style: lineStyle(0), values: [0.5] }] })).toBe(
    'Bar chart, Final metrics: MRR@10 of 1 row. Highest MRR@10: a with 0.50.',
  );
});
