import { describe, expect, test } from 'vitest';
import { countAhead, rankAmongAll } from '../../../../src/lab/evaluation/ranking.ts';
import { plainSimilarities } from '../../../../src/lab/evaluation/similarity.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';

const random = randomStream(2, 'weights');
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());

describe('plainSimilarities', () => {
  test.each([1, 3, 4, 5, 11])('gives the dot products with %i documents', async (documentCount) => {
    const dimension = 7;
    const queries = normals(6 * dimension);
    const documents = normals(documentCount * dimension);
    const block = await plainSimilarities(queries, documents, dimension)(2, 5);
    expect(block).toHaveLength(3 * documentCount);
    block.forEach((similarity, at) => {
      const [query, document] = [2 + Math.floor(at / documentCount), at % documentCount];
      let expected = 0;
      for (let i = 0; i < dimension; i++)
        expected += queries[query * dimension + i]! * documents[document * dimension + i]!;
      expect(similarity).toBeCloseTo(expected, 5);
    });
  });

  test('gives equal texts the same bits wherever they stand', async () => {
    const document = normals(33);
    const documents = Float32Array.from({ length: 7 * 33 }, (_, i) => document[i % 33]!);
    expect(new Set(await plainSimilarities(normals(33), documents, 33)(0, 1)).size).toBe(1);
  });
});

describe('ranking', () => {
  const row = Float32Array.of(0.5, 0.9, 0.5, 0.1, 0.5);

  test('counts the more similar, and the equally similar at lower positions', () => {
    expect([0, 1, 2, 3, 4].map((target) => rankAmongAll(row, target))).toEqual([2, 1, 3, 5, 4]);
  });

  test('counts an equally similar candidate against the target, whatever its position', () => {
    expect(countAhead(row, 2, [0, 2, 3, 4])).toBe(2);
    expect(countAhead(Float32Array.of(0.5, 0.5, 0.5), 0, [0, 1, 2])).toBe(2);
    expect(countAhead(Float32Array.of(0.5, 0.5, 0.5), 2, [0, 1, 2])).toBe(2);
  });

  test('puts a target last whose similarity is NaN, and NaN ahead of any target', () => {
    expect(rankAmongAll(Float32Array.of(0.1, NaN, 0.2), 1)).toBe(3);
    expect(rankAmongAll(Float32Array.of(NaN, 0.9, NaN), 1)).toBe(3);
    expect(countAhead(Float32Array.of(NaN, 0.9, NaN), 1, [0, 1, 2])).toBe(2);
  });
});
