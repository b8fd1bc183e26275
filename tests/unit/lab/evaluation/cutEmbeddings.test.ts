import { expect, test } from 'vitest';
import { cutEmbeddings, requireCut } from '../../../../src/lab/evaluation/cutEmbeddings.ts';

const rows = Float32Array.from([3, 4, 12, 0, 0, 5]);

test('rows keep their first numbers, at length 1', () => {
  expect([...cutEmbeddings(rows, 3, 2)].map((value) => Number(value.toFixed(6)))).toEqual([0.6, 0.8, 0, 0]);
});

test('the full length is left as it is', () => {
  expect(cutEmbeddings(rows, 3, 3)).toBe(rows);
});

test('more numbers than there are is refused', () => {
  expect(() => requireCut(3, 4)).toThrow(
    'The embeddings of this encoder have 3 dimensions; they cannot be truncated to 4.',
  );
  expect(() => requireCut(3, 3)).not.toThrow();
});
