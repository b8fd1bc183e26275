import { expect, test } from 'vitest';
import { downsample } from '../../../../src/shared/charts/downsample.ts';

const count = 10_000;
const x = Float64Array.from({ length: count }, (_, i) => i + 1);
const y = Float64Array.from(x, (step) => Math.sin(step / 300) + ((step * 7919) % 101) / 400);

test('a curve of few points is drawn with all of them', () => {
  expect([...downsample([1, 2, 3], [5, 4, 3], 100)]).toEqual([0, 1, 2]);
});

test('a long curve comes down to a few points a bucket, in order, ends included', () => {
  const kept = downsample(x, y, 300);
  expect(kept.length).toBeLessThanOrEqual(3 * 300 + 2);
  expect(kept[0]).toBe(0);
  expect(kept.at(-1)).toBe(count - 1);
  expect([...kept]).toEqual([...new Set(kept)].sort((a, b) => a - b));
});

test('every bucket keeps its lowest and highest value', () => {
  const kept = [...downsample(x, y, 200)].map((index) => y[index]!);
  for (let bucket = 0; bucket < 200; bucket++) {
    const stretch = y.slice(bucket * 50, bucket * 50 + 50);
    // Edges of buckets lie between steps, so the outermost values may count in the neighbour.
    const inner = stretch.slice(1, -1);
    expect(kept.some((value) => value >= Math.max(...inner))).toBe(true);
    expect(kept.some((value) => value <= Math.min(...inner))).toBe(true);
  }
});

test('a single peak among ten thousand values is kept', () => {
  const flat = new Float64Array(count);
  flat[4_711] = 9;
  flat[8_000] = -9;
  const kept = [...downsample(x, flat, 50)];
  expect(kept).toContain(4_711);
  expect(kept).toContain(8_000);
});

test('a value that is not a number leaves a gap', () => {
  const broken = y.slice();
  broken[5_000] = NaN;
  const kept = downsample(x, broken, 100);
  expect([...kept].filter((index) => Number.isNaN(broken[index]!))).toEqual([5_000]);
});

test('steps that are not evenly spaced fall into stretches of the axis, not of the list', () => {
  const uneven = Float64Array.from({ length: 1_000 }, (_, i) => (i < 990 ? i / 1_000 : i * 100));
  const kept = downsample(uneven, new Float64Array(1_000), 10);
  expect([...kept].filter((index) => index >= 989).length).toBeGreaterThan(1);
});
