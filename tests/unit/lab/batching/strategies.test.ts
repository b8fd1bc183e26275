import { readFileSync } from 'node:fs';
import { decodeHTML } from 'entities';
import { describe, expect, test } from 'vitest';
import type { PairBatch, TripletBatch } from '../../../../src/lab/batching/batch.ts';
import { buildBatch } from '../../../../src/lab/batching/registry.ts';
import { buildCorpus } from '../../../../src/lab/data/corpus.ts';
import { cleanHtml, collapseWhiteSpace } from '../../../../src/lab/data/text.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { strategyParameters, type StrategyChoice } from '../../../../src/shared/recipe.ts';

/** What each strategy selects, against tests/fixtures/strategies.json. */

interface FixtureItem {
  question: { id: string; title: string; body: string };
  answers: { id: string; body: string; score: number }[];
}

interface FixtureAnswer {
  text: string;
  score: number;
  rank: number;
}

type Expected = { params: Record<string, unknown> } & (
  | {
      strategy: 'infonce' | 'multiple_positives';
      docCount: number;
      questionIds: string[];
      q: string[];
      a: string[];
      ranks: number[];
      scores: number[];
    }
  | { strategy: 'triplet'; questionIds: string[]; q: string[]; a_pos: string[]; a_neg: string[] }
  | { strategy: 'hard_negative'; items: { questionId: string; q: string; answers: FixtureAnswer[] }[] }
  | { strategy: 'listwise'; items: { questionId: string; q: string; answers: string[]; scores: number[] }[] }
);

const fixture = JSON.parse(readFileSync(new URL('../../../fixtures/strategies.json', import.meta.url), 'utf8')) as {
  items: FixtureItem[];
  expected: Expected[];
};

/** The fixture's texts keep their entities; a dataset's do not. */
const decoded = (text: string) => collapseWhiteSpace(decodeHTML(text));

const corpus = buildCorpus(
  fixture.items.map(({ question, answers }) => ({
    ...question,
    body: cleanHtml(question.body),
    score: 0,
    answers: answers.map((answer) => ({ ...answer, body: cleanHtml(answer.body), accepted: false })),
  })),
);

function build({ strategy, params }: Expected) {
  const choice = { name: strategy, parameters: strategyParameters[strategy].parse(params) } as StrategyChoice;
  const batch = buildBatch(choice, corpus.questions, randomStream(1, 'answers'))!;
  return { batch, textAt: (position: number) => corpus.texts[batch.texts[position]!]! };
}

const round = (score: number) => Number(score.toFixed(6));

describe('strategies select what the fixture says', () => {
  test.each(fixture.expected)('$strategy $params', (expected) => {
    const { batch, textAt } = build(expected);
    if (expected.strategy === 'triplet') {
      const { triplets, questionIds } = batch as TripletBatch;
      expect(questionIds).toEqual(expected.questionIds);
      expect(triplets.map(({ question }) => textAt(question))).toEqual(expected.q.map(decoded));
      expect(triplets.map(({ positive }) => textAt(positive))).toEqual(expected.a_pos.map(decoded));
      expect(triplets.map(({ negative }) => textAt(negative))).toEqual(expected.a_neg.map(decoded));
      return;
    }
    const { pairs, questionIds, documents } = batch as PairBatch;
    const found = pairs.map(({ question, answer, group, rank, score }) => ({
      id: questionIds[group],
      question: textAt(question),
      answer: textAt(answer),
      rank,
      score: round(score),
    }));
    expect(found).toEqual(expectedPairs(expected));
    if ('docCount' in expected) expect(documents).toBe(expected.docCount);
  });
});

function expectedPairs(expected: Exclude<Expected, { strategy: 'triplet' }>) {
  switch (expected.strategy) {
    case 'hard_negative':
      return expected.items.flatMap(({ questionId, q, answers }) =>
        answers.map(({ text, rank, score }) => ({
          id: questionId,
          question: decoded(q),
          answer: decoded(text),
          rank,
          score,
        })),
      );
    case 'listwise':
      return expected.items.flatMap(({ questionId, q, answers, scores }) =>
        answers.map((text, rank) => ({
          id: questionId,
          question: decoded(q),
          answer: decoded(text),
          rank,
          score: round(scores[rank]!),
        })),
      );
    default:
      return expected.a.map((answer, i) => ({
        id: expected.questionIds[i],
        question: decoded(expected.q[i]!),
        answer: decoded(answer),
        rank: expected.ranks[i],
        score: expected.scores[i],
      }));
  }
}
