import { expect, test } from 'vitest';
import { smooth } from '../../../../src/shared/charts/smooth.ts';

test('weight 0 leaves values as they are', () => {
  expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
});

test('each value is the weighted mean of all values up to it', () => {
  const values = [4, 8, -2, 6];
  const smoothed = smooth(values, 0.9);
  for (let i = 0; i < values.length; i++) {
    const weights = values.slice(0, i + 1).map((_, j) => 0.9 ** (i - j));
    const mean = weights.reduce((sum, weight, j) => sum + weight * values[j]!, 0) / weights.reduce((a, b) => a + b);
    expect(smoothed[i]).toBeCloseTo(mean, 12);
  }
});

test('a constant stays itself, however strong the smoothing: nothing is drawn towards zero', () => {
  for (const value of smooth([5, 5, 5, 5], 0.99)) expect(value).toBeCloseTo(5, 10);
});

test('gaps stay gaps, and the average goes on behind them', () => {
  const smoothed = smooth([2, NaN, 4, Infinity, 6], 0.5);
  const without = smooth([2, 4, 6], 0.5);
  expect([...smoothed]).toEqual([without[0], NaN, without[1], NaN, without[2]]);
});
