import { describe, expect, test } from 'vitest';
import { bandKinds, bandOf, mergeSeries, spreadOf } from '../../../src/shared/spread.ts';

describe('spreadOf', () => {
  test('is the textbook of a sample', () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32 around it.
    const { count, mean, deviation, standardError, interval95, minimum, maximum } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9])!;
    expect({ count, mean, minimum, maximum }).toEqual({ count: 8, mean: 5, minimum: 2, maximum: 9 });
    expect(deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(standardError).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
    // t of 7 degrees of freedom: 2.364624.
    expect(interval95!.high - 5).toBeCloseTo(2.364624 * Math.sqrt(32 / 7 / 8), 5);
    expect(5 - interval95!.low).toBeCloseTo(interval95!.high - 5, 12);
  });

  test('of one value has no width, and no width is not a width of nothing', () => {
    expect(spreadOf([0.5])).toEqual({
      count: 1,
      mean: 0.5,
      deviation: null,
      standardError: null,
      interval95: null,
      minimum: 0.5,
      maximum: 0.5,
    });
    for (const kind of bandKinds) expect(bandOf(spreadOf([0.5])!, kind)).toBeNull();
  });

  test('counts what is a number', () => {
    expect(spreadOf([NaN, 1, Infinity, 3])).toMatchObject({ count: 2, mean: 2 });
    expect(spreadOf([NaN])).toBeNull();
    expect(spreadOf([])).toBeNull();
  });

  test('holds the mean of normal values in its 95 % interval about 95 times in 100', () => {
    let state = 1;
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const repeats = 4000;
    let held = 0;
    for (let i = 0; i < repeats; i++) {
      const { low, high } = spreadOf([normal(), normal(), normal()])!.interval95!;
      if (low <= 0 && 0 <= high) held++;
    }
    expect(held / repeats).toBeGreaterThan(0.94);
    expect(held / repeats).toBeLessThan(0.96);
  });
});

test('every band holds the mean, and the range holds every value', () => {
  const values = [0.3, 0.7, 0.4];
  const spread = spreadOf(values)!;
  for (const kind of bandKinds) {
    const { low, high } = bandOf(spread, kind)!;
    expect(low).toBeLessThanOrEqual(spread.mean);
    expect(high).toBeGreaterThanOrEqual(spread.mean);
  }
  expect(bandOf(spread, 'range')).toEqual({ low: 0.3, high: 0.7 });
  expect(bandOf(spread, 'std')!.high - spread.mean).toBeCloseTo(
    Math.sqrt(3) * (bandOf(spread, 'stderr')!.high - spread.mean),
    12,
  );
});

describe('mergeSeries', () => {
  test('takes the mean of the runs that have a step', () => {
    const merged = mergeSeries(
      [
        { steps: [1, 2, 3], values: [1, 2, 3] },
        { steps: [1, 3, 4], values: [3, 5, 8] },
      ],
      'range',
    );
    expect([...merged.steps]).toEqual([1, 2, 3, 4]);
    expect([...merged.mean]).toEqual([2, 2, 4, 8]);
    expect([...merged.counts]).toEqual([2, 1, 2, 1]);
    expect([...merged.low]).toEqual([1, NaN, 3, NaN]);
    expect([...merged.high]).toEqual([3, NaN, 5, NaN]);
  });

  test('a value that is no number leaves the others their mean', () => {
    const merged = mergeSeries(
      [
        { steps: [10], values: [NaN] },
        { steps: [10], values: [4] },
        { steps: [10], values: [6] },
      ],
      'std',
    );
    expect(merged.mean[0]).toBe(5);
    expect(merged.counts[0]).toBe(2);
  });

  test('of no runs is empty', () => {
    expect(mergeSeries([], 'ci95').steps).toHaveLength(0);
  });
});
