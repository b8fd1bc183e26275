import { expect, test } from 'vitest';
import type { InspectedColumn, Inspection } from '../../../../src/shared/contract/inspector.ts';
import {
  differencePath,
  linksBetween,
  listedPlaces,
  recipesOf,
  sideOf,
} from '../../../../src/renderer/features/inspector/model.ts';

const column = (
  key: string,
  ranks: readonly number[],
  problem: InspectedColumn['problem'] = null,
): InspectedColumn => ({
  key,
  name: key,
  kind: 'run',
  seed: 1,
  problem,
  values: null,
  places: problem ? [] : ranks.map((rank) => ({ rank, similarity: 1 / rank })),
});
const answer = (id: string, role: 'best' | 'own' | 'other') => ({
  id,
  text: id,
  votes: 1,
  role,
  question: { id: 'q', title: 'Q' },
});

/** Two first places; the best answer is the first of the list, answer `d` stands far off in both. */
const inspection: Inspection = {
  question: { id: 'q', title: 'Q', body: '' },
  corpus: 'test',
  documents: 100,
  top: 2,
  answers: [answer('a', 'best'), answer('b', 'own'), answer('c', 'other'), answer('d', 'other')],
  columns: [
    column('left', [7, 1, 2, 50]),
    column('gone', [], { message: 'gone', fix: '' }),
    column('right', [1, 30, 5, 2]),
  ],
  milliseconds: 1,
};

test('a column lists its first places and the own answers wherever they stand, with gaps between', () => {
  expect(
    listedPlaces(inspection, 0).map(({ answer: index, rank, gained, afterGap }) => ({ index, rank, gained, afterGap })),
  ).toEqual([
    { index: 1, rank: 1, gained: null, afterGap: false },
    { index: 2, rank: 2, gained: null, afterGap: false },
    { index: 0, rank: 7, gained: null, afterGap: true },
  ]);
});

test('places are compared with the nearest column to the left that has some', () => {
  expect(listedPlaces(inspection, 1)).toEqual([]);
  expect(
    listedPlaces(inspection, 2).map(({ answer: index, rank, gained, afterGap }) => ({ index, rank, gained, afterGap })),
  ).toEqual([
    { index: 0, rank: 1, gained: 6, afterGap: false },
    { index: 3, rank: 2, gained: 48, afterGap: false },
    { index: 1, rank: 30, gained: -29, afterGap: true },
  ]);
});

test('lines lead from an answer to itself, where both lists show it', () => {
  expect(linksBetween(listedPlaces(inspection, 0), listedPlaces(inspection, 2))).toEqual([
    { answer: 1, from: 0, to: 2 },
    { answer: 0, from: 2, to: 0 },
  ]);
});

const recipes = recipesOf([
  { name: 'InfoNCE', runs: ['i1', 'i2'], seeds: [1, 2] },
  { name: 'Triplet', runs: ['t1'], seeds: [1] },
]);

test('any seed of a recipe stands for it; baselines take the runs of the other side', () => {
  expect(sideOf('i2', recipes, 't1')).toEqual({ kind: 'recipe', runs: ['i1', 'i2'] });
  expect(sideOf('bm25', recipes, 't1')).toEqual({ kind: 'bm25', runs: ['t1'] });
  expect(sideOf('untrained', recipes, 'bm25')).toEqual({ kind: 'untrained', runs: ['i1', 'i2'] });
  expect(sideOf('something', recipes, 't1')).toBeNull();
});

test('the area of differences is as wide as there are questions, and 1 is at its top', () => {
  expect(differencePath(Float32Array.of(1, 0, -0.5))).toBe('M0 1V0.0000H1V1.0000H2V1.5000H3V1Z');
  expect(differencePath(new Float32Array(0))).toBe('');
});
