import { expect, test } from 'vitest';
import { GradientCosines } from '../../../../src/lab/diagnostics/gradientCosines.ts';

const gradient = (...parts: number[][]): Float32Array[] => parts.map((part) => Float32Array.from(part));

test('cosines over all parts of two gradients, their mean and spread over batches', () => {
  const cosines = new GradientCosines(2);
  cosines.add([gradient([3, 0], [0]), gradient([0, 0], [5])]);
  cosines.add([gradient([1, 0], [0]), gradient([3, 0], [4])]);
  const { norms, pairs } = cosines.result();
  expect(norms).toEqual([2, 5]);
  expect(pairs).toEqual([
    { first: 0, second: 1, cosine: 0.3, deviation: expect.closeTo(Math.sqrt(0.18), 12) as number, batches: 2 },
  ]);
});

test('against each other is −1; a single batch has no spread', () => {
  const cosines = new GradientCosines(3);
  cosines.add([gradient([1, 2]), gradient([-2, -4]), gradient([1, 2])]);
  expect(
    cosines
      .result()
      .pairs.map(({ first, second, cosine, deviation }) => [first, second, Number(cosine!.toFixed(12)), deviation]),
  ).toEqual([
    [0, 1, -1, null],
    [0, 2, 1, null],
    [1, 2, -1, null],
  ]);
});

test('a loss without anything to do in a batch, or with a gradient of zero, has no direction there', () => {
  const cosines = new GradientCosines(3);
  cosines.add([gradient([1]), null, gradient([0])]);
  cosines.add([gradient([1]), null, gradient([2])]);
  const { norms, pairs } = cosines.result();
  expect(norms).toEqual([1, null, 1]);
  expect(pairs.map(({ cosine, batches }) => [cosine, batches])).toEqual([
    [null, 0],
    [1, 1],
    [null, 0],
  ]);
});
