import { expect, test } from 'vitest';
import { firstNonFinite } from '../../../../src/lab/base/nonFinite.ts';

test.each([NaN, Infinity, -Infinity])('%d is found wherever it is', (value) => {
  for (const place of [0, 1, 4]) {
    const values = [0, -0, 3.4e38, -1e-45, 7];
    values[place] = value;
    expect(firstNonFinite(Float32Array.from(values))).toBe(value);
    expect(firstNonFinite(Float64Array.from(values))).toBe(value);
  }
});

test('finite values are no finding, however large or small', () => {
  expect(firstNonFinite(Float32Array.of(0, -0, 3.4e38, -3.4e38, 1e-45))).toBeUndefined();
  expect(firstNonFinite(new Float64Array(0))).toBeUndefined();
});
