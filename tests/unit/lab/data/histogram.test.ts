import { expect, test } from 'vitest';
import { histogramOf } from '../../../../src/lab/data/histogram.ts';
import { Reservoir } from '../../../../src/lab/data/reservoir.ts';

test.each<[string, number[], { edges: number[]; counts: number[] }]>([
  ['nothing', [], { edges: [0, 1], counts: [0] }],
  ['one value', [7, 7, 7], { edges: [7, 8], counts: [3] }],
  ['small whole numbers', [-1, 0, 0, 2], { edges: [-1, 0, 1, 2, 3], counts: [1, 2, 0, 1] }],
  [
    'fractions',
    [0, 0.1, 0.1, 0.3],
    {
      edges: [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.32],
      counts: [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    },
  ],
])('%s', (_, values, histogram) => {
  expect(histogramOf(values)).toEqual(histogram);
});

test('outliers are counted in the outermost bins', () => {
  const values = [...Array.from({ length: 1000 }, (_, i) => i % 10), 5000, -5000];
  const { edges, counts } = histogramOf(values);
  expect(edges).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(counts).toEqual([101, 100, 100, 100, 100, 100, 100, 100, 100, 101]);
});

test('wide ranges get few bins, with round edges', () => {
  const { edges, counts } = histogramOf(Array.from({ length: 5000 }, (_, i) => i));
  expect(edges.slice(0, 3)).toEqual([0, 500, 1000]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(5000);
});

test('a reservoir holds a uniform sample, the same for the same stream', () => {
  const sample = (name: string): number[] => {
    const reservoir = new Reservoir<number>(1000, name);
    for (let i = 0; i < 20_000; i++) reservoir.add(i);
    return reservoir.items;
  };
  const first = sample('a');
  expect(first).toEqual(sample('a'));
  expect(first).not.toEqual(sample('b'));
  expect(new Set(first).size).toBe(1000);
  // The mean of a uniform sample of 0…19,999: within four standard errors.
  expect(Math.abs(first.reduce((sum, value) => sum + value) / 1000 - 9999.5)).toBeLessThan(
    4 * (20_000 / Math.sqrt(12 * 1000)),
  );
});
