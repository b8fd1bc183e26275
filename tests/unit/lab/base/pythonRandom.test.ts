import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { shuffledAsPython } from '../../../../src/lab/base/pythonRandom.ts';

/** From CPython 3.11: `items = list(range(n)); random.seed(seed); random.shuffle(items)`. */

function shuffledNumbers(count: number, seed: number): number[] {
  return shuffledAsPython(
    Array.from({ length: count }, (_, i) => i),
    seed,
  );
}

test.each([
  [42, [7, 3, 2, 8, 5, 6, 9, 4, 0, 1]],
  [2 ** 53 - 1, [7, 4, 11, 10, 5, 6, 0, 2, 9, 3, 8, 1]],
])('seed %i', (seed, expected) => {
  expect(shuffledNumbers(expected.length, seed)).toEqual(expected);
});

test.each([
  [0, 1, '5feceb66ffc86f38'],
  [42, 10, '98e70cdb04dd8e22'],
  [42, 100, '02cc7b3f0a9b7a6e'],
  [42, 9999, '2b75d59e48d1b15d'],
  [1, 624, '5f96d30b4776751d'],
  [7, 65537, 'ca65ef8a38bf090e'],
  [2 ** 32 - 1, 333, 'c0e040d4db74a7ba'],
  [2 ** 32, 333, '56e1b76235c4cb4a'],
  [2 ** 53 - 1, 1000, '1912f9c14ea2d0b5'],
  [123456789012345, 5000, 'e4c7cd55eb68e6fb'],
])('seed %i, %i numbers', (seed, count, hash) => {
  const text = shuffledNumbers(count, seed).join();
  expect(createHash('sha256').update(text).digest('hex').slice(0, 16)).toBe(hash);
});
