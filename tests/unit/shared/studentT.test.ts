import { expect, test } from 'vitest';
import { studentT975 } from '../../../src/shared/studentT.ts';

/** Published tables of the distribution give these, rounded. */
test.each([
  [1, 12.7062],
  [2, 4.30265],
  [3, 3.18245],
  [4, 2.77645],
  [5, 2.57058],
  [10, 2.22814],
  [29, 2.04523],
  [30, 2.04227],
  [120, 1.97993],
  [1000, 1.96234],
])('%i degrees of freedom: %f', (freedom, published) => {
  expect(studentT975(freedom)).toBeCloseTo(published, 4);
});

test('falls towards the normal distribution as values become many', () => {
  const values = [1, 2, 3, 5, 8, 13, 50, 500, 50_000].map(studentT975);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(values.at(-1)).toBeCloseTo(1.95996, 3);
});
