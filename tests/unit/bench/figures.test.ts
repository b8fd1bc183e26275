import { expect, test } from 'vitest';
import { median, quantile } from '../../../bench/figures.ts';
import { withPart } from '../../../bench/results.ts';
import { delays } from '../../../bench/screens/delays.ts';

const result = (part: string, commit: string) => ({ part, commit });

test('the results of a part take the place of its earlier ones, and of no others', () => {
  const before = [result('step', 'a'), result('screens', 'a')];
  expect(withPart(before, result('step', 'b'), ['step', 'import', 'screens'])).toEqual([result('step', 'b'), result('screens', 'a')]);
  expect(withPart(before, result('import', 'b'), ['step', 'import', 'screens']).map(({ part }) => part)).toEqual(['step', 'import', 'screens']);
});

test('quantiles are values that were found', () => {
  const values = [5, 1, 4, 2, 3];
  expect(median(values)).toBe(3);
  expect(quantile(values, 0.95)).toBe(5);
  expect(quantile([7], 0)).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test('a step has been seen with the first picture that has reached it', () => {
  const pictures = [{ step: 1, at: 130 }, { step: 3, at: 250 }];
  expect(delays([{ step: 1, at: 100 }, { step: 2, at: 150 }, { step: 3, at: 200 }], pictures)).toEqual([30, 100, 50]);
  expect(() => delays([{ step: 4, at: 300 }], pictures)).toThrow('never shown');
});
