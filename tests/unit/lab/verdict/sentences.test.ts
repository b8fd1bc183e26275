import { expect, test } from 'vitest';
import { verdictSentences } from '../../../../src/lab/verdict/sentences.ts';
import type { Contestant, PairVerdict } from '../../../../src/shared/verdict.ts';

const contestant = (kind: Contestant['kind'], name: string, mean: number): Contestant => ({
  kind,
  name,
  runs: [],
  mean,
  bySeed: [],
  deviation: null,
});

function judged(low: number, adjustedP: number) {
  const pair: PairVerdict = {
    a: 0,
    b: 1,
    difference: 0.05,
    low,
    high: 0.1,
    p: 0.01,
    adjustedP,
    detectable: adjustedP < 0.05,
    wins: 3,
    ties: 1,
    losses: 1,
    bySeed: [],
  };
  return {
    metric: 'mrr@10' as const,
    questions: 76,
    seeds: [1, 2, 3],
    contestants: [contestant('recipe', 'A', 0.45), contestant('untrained', 'untrained', 0.4)],
    pairs: [pair],
  };
}

test('an interval without 0 beside "not detectable" is explained by the number of pairs', () => {
  expect(verdictSentences(judged(0.02, 0.062))).toEqual([
    'No loss is detectably better than the untrained encoder: the best, A, gains 0.050 MRR@10 (95 % interval 0.020 to 0.100; 3 seeds; 76 questions), which could be chance: with 1 comparison, a difference this large can be expected (p 0.062).',
  ]);
});

test('an interval with 0 in it speaks for itself', () => {
  expect(verdictSentences(judged(-0.01, 0.2))[0]).toMatch(/76 questions\)\.$/);
});

test('a detectable difference is said with its interval', () => {
  expect(verdictSentences(judged(0.02, 0.01))).toEqual([
    'A beats the untrained encoder by 0.050 MRR@10 (95 % interval 0.020 to 0.100; 3 seeds; 76 questions).',
  ]);
});
