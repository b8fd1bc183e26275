import { describe, expect, test } from 'vitest';
import { shallowRef } from 'vue';
import { isBaseline, rowsOf } from '../../../../src/shared/comparison/rows.ts';
import { againstFirst, standingsOf } from '../../../../src/renderer/features/compare/standings.ts';
import { useJudgement } from '../../../../src/renderer/features/compare/useJudgement.ts';
import type { Verdict } from '../../../../src/shared/verdict.ts';
import { comparedRun, comparison } from '../../shared/comparison/helpers.ts';

const found = comparison([
  comparedRun('a', [0.5, 0.7], { loss_type: 'infonce', seed: 1 }),
  comparedRun('b', [0.4, 0.5], { loss_type: 'infonce', seed: 2 }),
  comparedRun('t', [0.45], { loss_type: 'triplet' }),
]);
const baselines = rowsOf(
  found,
  [{ name: 'BM25', runs: ['a'], metrics: { 'mrr@10': 0.55 }, missing: null }],
  'recipe',
).filter(isBaseline);
const names = (at: Parameters<typeof standingsOf>[3]) =>
  standingsOf(found, baselines, 'mrr@10', at).map(({ name, value }) => [name, value && Number(value.mean.toFixed(3))]);

describe('leaderboard', () => {
  test('recipes and baselines by their mean', () => {
    expect(names({ at: 'last' })).toEqual([
      ['infonce', 0.6],
      ['BM25', 0.55],
      ['triplet', 0.45],
      ['untrained', 0.4],
    ]);
  });

  test('within a budget that only the first evaluations fit', () => {
    expect(names({ at: 'documents', limit: 170 })).toEqual([
      ['BM25', 0.55],
      ['infonce', 0.45],
      ['triplet', 0.45],
      ['untrained', 0.4],
    ]);
  });

  test('what has no value within the budget is last', () => {
    expect(names({ at: 'documents', limit: 10 }).slice(2)).toEqual([
      ['infonce', null],
      ['triplet', null],
    ]);
  });

  test('BM25 has a line without a value while it is being computed', () => {
    const waiting = rowsOf(found, null, 'recipe').filter(isBaseline);
    expect(standingsOf(found, waiting, 'mrr@10', { at: 'last' }).at(-1)).toMatchObject({ name: 'BM25', value: null });
  });
});

test('how far behind the first, from the verdict, whichever way round the pair is', () => {
  const pair = { a: 0, b: 1, difference: 0.1, low: 0.02, high: 0.18, detectable: true } as Verdict['pairs'][number];
  const verdict = { contestants: [{ name: 'x' }, { name: 'y' }], pairs: [pair] } as unknown as Verdict;
  expect(againstFirst(verdict, 'x', 'y')).toEqual({ text: 'behind by 0.100 (0.020 to 0.180)', detectable: true });
  expect(againstFirst({ ...verdict, pairs: [{ ...pair, detectable: false }] }, 'y', 'x')).toEqual({
    text: 'no detectable difference (−0.180 to −0.020)',
    detectable: false,
  });
  expect(againstFirst(null, 'x', 'y')).toBeNull();
});

test('a budget begins with what all runs have spent, and is between the first and the last evaluation of any', () => {
  const { at, limit, range, point } = useJudgement(shallowRef(found));
  expect([point.value, limit.value, range.value]).toEqual([{ at: 'last' }, null, null]);
  at.value = 'documents';
  expect([point.value, range.value]).toEqual([
    { at: 'documents', limit: 160 },
    { minimum: 160, maximum: 320 },
  ]);
  limit.value = 300;
  expect(point.value).toEqual({ at: 'documents', limit: 300 });
});
