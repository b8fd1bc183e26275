import { expect, test } from 'vitest';
import { rankAmongAll } from '../../../../src/lab/evaluation/ranking.ts';
import { firstPlaces, ranksOf } from '../../../../src/lab/inspector/ranking.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

/** Rows with many equal similarities, from all different to all the same. */
const rows = [1, 3, 10, 1000].flatMap((values) =>
  [1, 2, 7, 50, 400].map((length) => {
    const random = randomStream(values * length, 'split');
    return Float32Array.from({ length }, () => Math.floor(random.next() * values) / values - 0.5);
  }),
);

/** All positions by a plain sort: similarity first, then position. */
function sorted(row: Float32Array): number[] {
  return [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b);
}

test('the first places are those of a plain sort, ties by position', () => {
  for (const row of rows)
    for (const count of [1, 5, row.length, row.length + 3])
      expect(firstPlaces(row, count)).toEqual(sorted(row).slice(0, count));
});

test('ranks are those of a plain sort, and of the evaluation, whatever is asked for in whatever order', () => {
  for (const row of rows) {
    const order = sorted(row);
    const targets = order.filter((_, index) => index % 3 !== 1).reverse();
    expect(ranksOf(row, targets)).toEqual(targets.map((target) => order.indexOf(target) + 1));
    expect(ranksOf(row, targets)).toEqual(targets.map((target) => rankAmongAll(row, target)));
  }
});

test('no targets, no ranks', () => {
  expect(ranksOf(Float32Array.of(1, 2), [])).toEqual([]);
});
