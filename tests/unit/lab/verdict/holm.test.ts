import { expect, test } from 'vitest';
import { holmAdjusted } from '../../../../src/lab/verdict/holm.ts';

test('each value is multiplied by the number of those not smaller, and none falls below one before it', () => {
  // As R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
  expect(holmAdjusted([0.01, 0.04, 0.03, 0.005]).map((value) => Number(value.toFixed(6)))).toEqual([
    0.03, 0.06, 0.06, 0.02,
  ]);
});

test('no value goes beyond 1, and one alone stays as it is', () => {
  expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
  expect(holmAdjusted([0.03])).toEqual([0.03]);
  expect(holmAdjusted([])).toEqual([]);
});
