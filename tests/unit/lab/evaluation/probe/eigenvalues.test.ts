import { describe, expect, test } from 'vitest';
import { symmetricEigenvalues } from '../../../../../src/lab/evaluation/probe/eigenvalues.ts';
import { randomStream } from '../../../../../src/lab/base/random.ts';

const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
const eigenvalues = (rows: readonly (readonly number[])[]): number[] =>
  sorted(symmetricEigenvalues(Float64Array.from(rows.flat()), rows.length));

test.each([
  ['one number', [[7]], [7]],
  [
    'two by two',
    [
      [2, 1],
      [1, 2],
    ],
    [1, 3],
  ],
  [
    'a diagonal with equal values',
    [
      [4, 0, 0],
      [0, -1, 0],
      [0, 0, 4],
    ],
    [-1, 4, 4],
  ],
  [
    'nothing',
    [
      [0, 0],
      [0, 0],
    ],
    [0, 0],
  ],
  [
    'rank one',
    [
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
    ],
    [0, 0, 14],
  ],
])('%s', (_, rows, expected) => {
  eigenvalues(rows).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
});

test('a chain of springs: 2 − 2 cos(kπ / (n + 1))', () => {
  const n = 40;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  );
  const expected = sorted(Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))));
  eigenvalues(rows).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
});

describe.each([3, 10, 33, 90])('a random symmetric matrix of %i rows', (size) => {
  test('has the traces of its powers', () => {
    const random = randomStream(size, 'sample');
    const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) rows[i]![j] = rows[j]![i] = random.normal();
    const square = rows.map((row) => rows.map((_, j) => row.reduce((sum, value, k) => sum + value * rows[k]![j]!, 0)));
    const trace = (of: number[][]): number => of.reduce((sum, row, i) => sum + row[i]!, 0);
    const inner = (a: number[][], b: number[][]): number =>
      a.reduce((sum, row, i) => sum + row.reduce((part, value, j) => part + value * b[i]![j]!, 0), 0);
    const found = eigenvalues(rows);
    const power = (exponent: number): number => found.reduce((sum, value) => sum + value ** exponent, 0);
    for (const [exponent, expected] of [
      [1, trace(rows)],
      [2, trace(square)],
      [3, inner(rows, square)],
      [4, inner(square, square)],
    ] as const) {
      expect(Math.abs(power(exponent) - expected) / (1 + Math.abs(expected))).toBeLessThan(1e-11);
    }
  });
});

test('values that are no numbers do not go round forever', () => {
  expect(() => symmetricEigenvalues(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(/not numbers/);
});
