import { expect, test } from 'vitest';
import { TopDocuments } from '../../../../src/lab/evaluation/topDocuments.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

const random = randomStream(3, 'answers');

/** Few distinct values, so that there are ties everywhere. */
const similarities = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => Math.floor(8 * random.next()) / 8);
const ids = Array.from({ length: 60 }, (_, i) => `d${(i * 37) % 60}`);

test.each([1, 5, 59, 60, 100])(
  'keeps the first %i documents in order, ties by ascending id, whatever the blocks',
  (depth) => {
    for (let round = 0; round < 20; round++) {
      const rows = [similarities(60), similarities(60)];
      const top = new TopDocuments(2, depth, (document) => ids[document]!);
      for (let first = 0; first < 60;) {
        const length = 1 + Math.floor(20 * random.next());
        rows.forEach((row, query) => top.offer(query, row.subarray(first, first + length), first));
        first += length;
      }
      rows.forEach((row, query) => {
        const sorted = ids
          .map((id, i) => ({ id, similarity: row[i]! }))
          .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
        expect(top.ofQuery(query)).toEqual(sorted.slice(0, depth));
      });
    }
  },
);

test('a similarity that is no number comes last', () => {
  const top = new TopDocuments(1, 3, String);
  top.offer(0, Float32Array.of(NaN, -0.5, 0.2), 0);
  expect(top.ofQuery(0).map(({ id }) => id)).toEqual(['2', '1', '0']);
});
