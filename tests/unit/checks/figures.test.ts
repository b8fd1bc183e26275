import { expect, test } from 'vitest';
import { exponent, median, quantile } from '../../../checks/bench/figures.ts';
import { productsOf } from '../../../checks/bench/products.ts';
import { withPart } from '../../../checks/harness/results.ts';
import { delays } from '../../../checks/bench/screens/delays.ts';

const result = (part: string, commit: string) => ({ part, commit });

test('the results of a part take the place of its earlier ones, and of no others', () => {
  const before = [result('step', 'a'), result('screens', 'a')];
  expect(withPart(before, result('step', 'b'), ['step', 'import', 'screens'])).toEqual([
    result('step', 'b'),
    result('screens', 'a'),
  ]);
  expect(withPart(before, result('import', 'b'), ['step', 'import', 'screens']).map(({ part }) => part)).toEqual([
    'step',
    'import',
    'screens',
  ]);
});

test('quantiles are values that were found', () => {
  const values = [5, 1, 4, 2, 3];
  expect(median(values)).toBe(3);
  expect(quantile(values, 0.95)).toBe(5);
  expect(quantile([7], 0)).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test('exponents of known curves', () => {
  const sizes = [8, 32, 128, 512];
  for (const power of [0, 0.5, 1, 2])
    expect(exponent(sizes.map((size) => [size, 3 * size ** power]))).toBeCloseTo(power, 10);
  // With a part that is linear and one that is quadratic it lies between.
  const mixed = exponent(sizes.map((size) => [size, 100 * size + size ** 2]));
  expect(mixed).toBeGreaterThan(1);
  expect(mixed).toBeLessThan(2);
  expect(() => exponent([[1, 1]])).toThrow(RangeError);
  expect(() =>
    exponent([
      [1, 1],
      [2, 0],
    ]),
  ).toThrow(RangeError);
});

test('products of a step, whichever way their inputs lie', () => {
  const node = (operator: string, inputs: number[][], output: number[], seconds = 1) => ({
    operator,
    seconds,
    inputs,
    outputs: [output],
  });
  const { products, flops, productSeconds, seconds } = productsOf([
    node('Gemm', [[2, 3], [5, 3], [5]], [2, 5]),
    node(
      'MatMul',
      [
        [2, 3],
        [3, 5],
      ],
      [2, 5],
    ),
    node(
      'FusedMatMul',
      [
        [4, 3, 2],
        [4, 3, 5],
      ],
      [4, 2, 5],
    ),
    // The first matrix is the same for all.
    node(
      'MatMul',
      [
        [2, 3],
        [4, 3, 5],
      ],
      [4, 2, 5],
    ),
    node('Add', [[2, 5], [5]], [2, 5], 6),
  ]);
  expect(products).toEqual([
    { product: { batch: 1, rows: 2, inner: 3, columns: 5 }, count: 2, seconds: 2 },
    { product: { batch: 4, rows: 2, inner: 3, columns: 5 }, count: 2, seconds: 2 },
  ]);
  expect(flops).toBe(2 * 60 + 2 * 240);
  expect(productSeconds / seconds).toBe(0.4);
  expect(() =>
    productsOf([
      node(
        'MatMul',
        [
          [2, 3],
          [4, 5],
        ],
        [2, 5],
      ),
    ]),
  ).toThrow('is not a supported product');
});

test('a step has been seen with the first picture that has reached it', () => {
  const pictures = [
    { step: 1, at: 130 },
    { step: 3, at: 250 },
  ];
  expect(
    delays(
      [
        { step: 1, at: 100 },
        { step: 2, at: 150 },
        { step: 3, at: 200 },
      ],
      pictures,
    ),
  ).toEqual([30, 100, 50]);
  expect(() => delays([{ step: 4, at: 300 }], pictures)).toThrow('never shown');
});
