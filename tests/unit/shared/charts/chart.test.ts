import { expect, test } from 'vitest';
import { describeChart, type Curve, type LineChart } from '../../../../src/shared/charts/chart.ts';
import { chartOption } from '../../../../src/shared/charts/chartOption.ts';
import { chartRows, chartTable } from '../../../../src/shared/charts/chartTable.ts';
import { seriesStyle } from '../../../../src/shared/charts/palette.ts';
import { readBars, readLines } from '../../../../src/shared/charts/reading.ts';
import type { ChartTheme } from '../../../../src/shared/charts/theme.ts';

const theme: ChartTheme = {
  dark: false,
  text: '#111',
  muted: '#666',
  border: '#ccc',
  surface: '#fff',
  accent: '#00f',
  font: 'sans-serif',
  series: Array.from({ length: 10 }, (_, i) => `rgb(${i}, 0, 0)`),
};
const curve = (name: string, x: number[], y: number[], more: Partial<Curve> = {}): Curve => ({
  id: name,
  name,
  style: seriesStyle(0),
  x,
  y,
  ...more,
});
const chart = (curves: Curve[], more: Partial<LineChart> = {}): LineChart => ({
  kind: 'lines',
  title: 'MRR@10',
  xTitle: 'Step',
  wholeX: true,
  yTitle: 'MRR@10',
  logY: false,
  digits: 2,
  curves,
  ...more,
});

interface Series {
  id: string;
  data: Float64Array;
  type: string;
}
const seriesOf = (of: LineChart, buckets: number | null = null) =>
  chartOption(of, theme, { buckets }).series as Series[];

test('readings take the measured values of all data, not the drawn ones', () => {
  const x = Array.from({ length: 5_000 }, (_, i) => i);
  const long = chart([
    curve(
      'a',
      x,
      x.map(() => 0),
      { raw: x.map((step) => step / 2) },
    ),
  ]);
  expect(seriesOf(long, 100)[1]!.data.length).toBeLessThan(1_000);
  expect(readLines(long, 1_234.2)).toMatchObject({
    place: 1_234,
    heading: 'Step 1234, as measured',
    lines: [{ name: 'a', value: '617.00' }],
  });
});

test('a reading lists the highest first and leaves out curves that end before', () => {
  const lines = readLines(
    chart([
      curve('low', [0, 10], [0.1, 0.2]),
      curve('high', [0, 10], [0.3, 0.4]),
      curve('short', [0, 1, 2], [1, 1, 1]),
    ]),
    10,
  )!.lines;
  expect(lines.map(({ name }) => name)).toEqual(['high', 'low']);
});

test('a smoothed line has the measured one behind it', () => {
  const series = seriesOf(chart([curve('a', [1, 2], [1, 1.5], { raw: [1, 2], best: { x: 2, y: 2 } })]));
  expect(series.map(({ id, type }) => [id, type])).toEqual([
    ['a/raw', 'line'],
    ['a', 'line'],
    ['a/best', 'scatter'],
  ]);
});

test('a logarithmic axis leaves gaps where there is no logarithm', () => {
  expect([...seriesOf(chart([curve('a', [1, 2, 3], [1, 0, -1])], { logY: true }))[0]!.data]).toEqual([
    1,
    1,
    2,
    NaN,
    3,
    NaN,
  ]);
});

test('steps and epochs are labelled with whole numbers, but for an epoch that has not ended', () => {
  const interval = (of: LineChart) =>
    (chartOption(of, theme, { buckets: null }).xAxis as { minInterval?: number }).minInterval;
  expect(interval(chart([curve('untrained only', [0], [0.1])]))).toBe(1);
  expect(interval(chart([curve('a', [0, 0.5], [0.1, 0.2])]))).toBeUndefined();
  expect(interval(chart([curve('a', [0, 0.5], [0.1, 0.2]), curve('b', [0, 1], [0.1, 0.2])]))).toBe(1);
  expect(interval(chart([curve('a', [0, 9.5], [0.1, 0.2])], { wholeX: false }))).toBeUndefined();
});

test('a reading of bars is that of a group', () => {
  const bars = {
    kind: 'bars',
    title: '',
    yTitle: '',
    digits: 1,
    groups: ['MRR@10'],
    bars: [{ id: 'a', name: 'a', style: seriesStyle(0), values: [0.5] }],
  } as const;
  expect(readBars(bars, 0)).toMatchObject({ heading: 'MRR@10', lines: [{ name: 'a', value: '0.5' }] });
  expect(readBars(bars, 1)).toBeNull();
});

test('the table lists every value of few, and sums up many', () => {
  const few = chart([curve('a', [0, 5], [0.1, 0.2]), curve('b', [5], [0.3])]);
  expect(chartTable(few)).toEqual({
    headings: ['Step', 'a', 'b'],
    rows: [
      ['0', '0.10', '–'],
      ['5', '0.20', '0.30'],
    ],
  });
  const x = Array.from({ length: 100 }, (_, i) => i);
  expect(
    chartTable(
      chart([
        curve(
          'a',
          x,
          x.map((i) => (i === 3 ? NaN : i)),
        ),
      ]),
    ).rows,
  ).toEqual([['a', '99', '0.00', '0.00', '99.00', '99.00']]);
});

test('the rows of a file hold what was measured', () => {
  expect(chartRows(chart([curve('a', [1, 2], [0, 0], { raw: [0.123456789, 2] }), curve('b', [2], [3])]))).toEqual([
    ['Step', 'a', 'b'],
    [1, 0.123456789, null],
    [2, 2, 3],
  ]);
});

test('a chart says in a sentence what it shows', () => {
  expect(describeChart(chart([curve('a', [0, 5], [0.1, 0.2])]))).toBe(
    'Line chart, MRR@10 by step, 1 line. Last values: a 0.20.',
  );
  expect(
    describeChart({
      kind: 'bars',
      title: 'Final metrics',
      yTitle: '',
      digits: 2,
      groups: ['MRR@10'],
      bars: [{ id: 'a', name: 'a', style: seriesStyle(0), values: [0.5] }],
    }),
  ).toBe('Bar chart, Final metrics: MRR@10 of 1 row. Highest MRR@10: a with 0.50.');
});

const spread = { title: 'standard deviation', symmetric: true };
const banded = (more: Partial<Curve> = {}): LineChart =>
  chart(
    [
      curve('a', [0, 5, 10], [0.2, 0.4, 0.6], {
        band: { low: [0.1, 0.35, NaN], high: [0.3, 0.45, NaN], counts: [3, 3, 1] },
        ...more,
      }),
      curve('one', [0, 10], [0.1, 0.1]),
    ],
    { spread },
  );

test('a reading says how far runs lie apart and how many they are, where there are several', () => {
  expect(readLines(banded(), 5)).toMatchObject({
    heading: 'Step 5: mean ± standard deviation',
    lines: [
      { name: 'a', value: '0.40', spread: '± 0.05, n 3' },
      { name: 'one', spread: '' },
    ],
  });
  expect(readLines(banded(), 10)!.lines[0]!.spread).toBe('');
  const range = { ...banded(), spread: { title: 'lowest to highest', symmetric: false } };
  expect(readLines(range, 5)).toMatchObject({
    heading: 'Step 5: mean, lowest to highest',
    lines: [{ spread: '0.35 to 0.45, n 3' }, {}],
  });
});

test('tables and files hold the band; where the line is smoothed, the measured one', () => {
  expect(chartTable(banded()).rows[1]).toEqual(['5', '0.40 ± 0.05, n 3', '–']);
  const smoothed = banded({
    y: [0, 0, 0],
    raw: [0.2, 0.4, 0.6],
    band: { low: [0, 0, 0], high: [0, 0, 0], counts: [3, 3, 1] },
    rawBand: { low: [0.1, 0.35, NaN], high: [0.3, 0.45, NaN], counts: [3, 3, 1] },
  });
  expect(chartRows(smoothed).slice(0, 3)).toEqual([
    ['Step', 'a', 'a, low', 'a, high', 'a, runs', 'one'],
    [0, 0.2, 0.1, 0.3, 3, 0.1],
    [5, 0.4, 0.35, 0.45, 3, null],
  ]);
});

interface BandSeries {
  id: string;
  data: number[][];
  renderItem: (
    params: { dataIndex: number },
    api: { coord: (point: number[]) => number[] },
  ) => { children: { shape: { points: number[][] } }[] } | null;
}

test('a band is an area for each stretch without a gap, there along its upper edge and back along the lower', () => {
  const gap = chart(
    [
      curve('a', [0, 1, 2, 3], [1, 1, 1, 1], {
        band: { low: [0.5, 0.5, NaN, 0.5], high: [2, 3, NaN, 2], counts: [2, 2, 1, 2] },
      }),
    ],
    { spread },
  );
  const [band] = seriesOf(gap) as unknown as BandSeries[];
  const drawn = band!.renderItem({ dataIndex: 0 }, { coord: (point) => point })!;
  expect(drawn.children.map(({ shape }) => shape.points)).toEqual([
    [
      [0, 2],
      [1, 3],
      [1, 0.5],
      [0, 0.5],
    ],
    [
      [3, 2],
      [3, 0.5],
    ],
  ]);
  expect(band!.renderItem({ dataIndex: 1 }, { coord: (point) => point })).toBeNull();
});

test('a band on a logarithmic axis ends where its lower edge is not positive', () => {
  const falling = chart([curve('a', [0, 1], [1, 1], { band: { low: [0.5, -0.5], high: [2, 3], counts: [2, 2] } })], {
    spread,
    logY: true,
  });
  expect((seriesOf(falling)[0] as unknown as BandSeries).data).toEqual([[0, 0.5, 2]]);
});

test('a thinned band keeps its widest places', () => {
  const x = Array.from({ length: 10_000 }, (_, i) => i);
  const long = chart(
    [
      curve(
        'a',
        x,
        x.map(() => 1),
        {
          band: {
            low: x.map((i) => (i === 4321 ? -7 : 0)),
            high: x.map((i) => (i === 8765 ? 9 : 2)),
            counts: x.map(() => 3),
          },
        },
      ),
    ],
    { spread },
  );
  const { data } = seriesOf(long, 100)[0] as unknown as BandSeries;
  expect(data.length).toBeLessThan(2_000);
  expect(data).toContainEqual([4321, -7, 2]);
  expect(data).toContainEqual([8765, 0, 9]);
});

test('bars have error bars where there are several runs, and files hold their ends', () => {
  const band = { low: [0.4], high: [0.6], counts: [3] };
  const bars = {
    kind: 'bars',
    title: '',
    yTitle: '',
    digits: 1,
    spread,
    groups: ['MRR@10'],
    bars: [
      { id: 'a', name: 'a', style: seriesStyle(0), values: [0.5], band },
      { id: 'b', name: 'b', style: seriesStyle(1), values: [0.2] },
    ],
  } as const;
  expect((chartOption(bars, theme, { buckets: null }).series as Series[]).map(({ id, type }) => [id, type])).toEqual([
    ['a', 'bar'],
    ['b', 'bar'],
    ['a/spread', 'custom'],
  ]);
  expect(readBars(bars, 0)).toMatchObject({
    heading: 'MRR@10: mean ± standard deviation',
    lines: [{ value: '0.5', spread: '± 0.1, n 3' }, { spread: '' }],
  });
  expect(chartRows(bars)).toEqual([
    ['', 'MRR@10'],
    ['a', 0.5],
    ['a, low', 0.4],
    ['a, high', 0.6],
    ['a, runs', 3],
    ['b', 0.2],
  ]);
});

test('stairs and names at the end of a curve', () => {
  const [line, label] = seriesOf(
    chart([curve('frontier', [1, 2], [0.1, 0.2], { stairs: true, named: true })]),
  ) as unknown as [{ step: string }, { data: number[][]; label: { formatter: () => string } }];
  expect(line.step).toBe('end');
  expect(label.data).toEqual([[2, 0.2]]);
  expect(label.label.formatter()).toBe('frontier');
});
