import { expect, test } from 'vitest';
import type { CorpusQuestion } from '../../../../../src/lab/data/corpus.ts';
import { drawProbe } from '../../../../../src/lab/evaluation/probe/probe.ts';

const question = (index: number, answers: readonly number[]): CorpusQuestion => ({
  id: `q${index}`,
  text: index,
  answers: answers.map((text, rank) => ({ id: `a${index}/${rank}`, text, score: 9 - rank })),
});
const many = Array.from({ length: 700 }, (_, i) => question(i, [1000 + i, 2000 + i]));

test('512 of the questions, by the seed: the same again, and others for another seed', () => {
  const drawn = drawProbe(many, 1);
  expect(new Set(drawn.map((pair) => pair.question)).size).toBe(512);
  expect(drawProbe(many, 1)).toEqual(drawn);
  expect(drawProbe(many, 2)).not.toEqual(drawn);
  for (const pair of drawn)
    expect(pair).toEqual({
      question: pair.question,
      answer: 1000 + pair.question,
      hardNegatives: [2000 + pair.question],
    });
});

test('questions without an answer have no pair; a lower answer with the text of the best is no negative', () => {
  expect(drawProbe([question(1, []), question(2, [7, 8, 7, 9])], 1)).toEqual([
    { question: 2, answer: 7, hardNegatives: [8, 9] },
  ]);
  expect(drawProbe([], 1)).toEqual([]);
});
