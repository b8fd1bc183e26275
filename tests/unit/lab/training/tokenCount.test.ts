import { expect, test } from 'vitest';
import { tokenCount } from '../../../../src/lab/training/tokenCount.ts';

test('padding is not counted', () => {
  expect(tokenCount([[2, 5, 3], Int32Array.of(2, 5, 6, 7, 8, 9, 3)])).toBe(10);
  expect(tokenCount([])).toBe(0);
});
