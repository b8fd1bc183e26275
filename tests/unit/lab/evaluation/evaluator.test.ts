import { readFileSync } from 'node:fs';
import { decodeHTML } from 'entities';
import { describe, expect, test } from 'vitest';
import { evaluate, textsToEncode, type Evaluation } from '../../../../src/lab/evaluation/evaluator.ts';
import { buildCollection } from '../../../../src/lab/evaluation/collection.ts';
import { plainSimilarities } from '../../../../src/lab/evaluation/similarity.ts';
import { standardizedCandidates } from '../../../../src/lab/evaluation/standardized.ts';
import { standardizedItems } from '../../../../src/lab/batching/standardizedTest.ts';
import { buildCorpus, type CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { cleanHtml, collapseWhiteSpace } from '../../../../src/lab/data/text.ts';
import { randomStream, shuffled } from '../../../../src/lab/base/random.ts';
import { metricDescriptions, metricNames, standardizedMetricNames } from '../../../../src/shared/metrics.ts';

/** An evaluation in which corpus text t has the embedding `vectorOf(t)`. */
function evaluateWith(
  questions: readonly CorpusQuestion[],
  vectorOf: (text: number) => readonly number[],
  batchSize = 4,
): Promise<Evaluation> {
  const texts = textsToEncode(questions);
  const vectors = texts.map(vectorOf);
  return evaluate({
    questions,
    embeddings: Float32Array.from(vectors.flat()),
    dimension: vectors[0]?.length ?? 1,
    rowOf: (text) => texts.indexOf(text),
    batchSize,
    similarities: plainSimilarities,
  });
}

/** Question i has text 100·i and answers 100·i + 1, …; ids are unrelated to rank. */
function makeQuestions(answerCounts: readonly number[]): CorpusQuestion[] {
  const total = answerCounts.reduce((sum, count) => sum + count, 0);
  const ids = shuffled(
    Array.from({ length: total }, (_, i) => `a${i}`),
    randomStream(5, 'split'),
  );
  return answerCounts.map((count, i) => ({
    id: `q${i}`,
    text: 100 * i,
    answers: Array.from({ length: count }, (_, rank) => ({
      id: ids.pop()!,
      text: 100 * i + 1 + rank,
      score: 9 - rank,
    })),
  }));
}

const counts = Array.from({ length: 40 }, (_, i) => [3, 1, 2, 0, 8][i % 5]!);
const questions = makeQuestions(counts);

/** A vector of its own for each text. */
function randomVector(text: number): number[] {
  const random = randomStream(9, 'weights', text);
  const vector = Array.from({ length: 16 }, () => random.normal());
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

describe('the standardised evaluation, against tests/fixtures/metrics.json', () => {
  interface Case {
    batchSize: number;
    items: {
      question: { id: string; title: string; body: string };
      answers: { id: string; body: string; score: number }[];
    }[];
    texts: string[];
    embeddings: number[][];
    docCounts: number[];
    expected: Record<string, number>;
  }
  const { standardizedEvaluation } = JSON.parse(
    readFileSync(new URL('../../../fixtures/metrics.json', import.meta.url), 'utf8'),
  ) as { standardizedEvaluation: Case[] };

  /** The fixture lists answers in any order: they are ranked here, equal scores as they stand. */
  function corpusOf(items: Case['items']) {
    return buildCorpus(
      items.map(({ question, answers }) => ({
        ...question,
        body: cleanHtml(question.body),
        score: 0,
        answers: answers
          .toSorted((a, b) => b.score - a.score)
          .map((answer) => ({ ...answer, body: cleanHtml(answer.body), accepted: false })),
      })),
    );
  }

  test.each(standardizedEvaluation)(
    '$items.length questions, $batchSize in a test batch',
    async ({ batchSize, items, texts, embeddings, expected }) => {
      const corpus = corpusOf(items);
      const rowOfText = new Map(texts.map((text, row) => [collapseWhiteSpace(decodeHTML(text)), row]));
      // The fixture has embeddings of candidates only: not of lone answers, nor of ranks beyond 5.
      const selected = standardizedItems(corpus.questions);
      const candidates = new Set(
        selected.flatMap(({ question, positive, hardNegatives }) =>
          [question, positive, ...hardNegatives].map(({ text }) => text),
        ),
      );
      const vectorOf = (text: number) =>
        candidates.has(text) ? embeddings[rowOfText.get(corpus.texts[text]!)!]! : embeddings[0]!;
      const { metrics } = await evaluateWith(corpus.questions, vectorOf, batchSize / 4);
      expect(Object.keys(expected).sort()).toEqual([...standardizedMetricNames].sort());
      for (const name of standardizedMetricNames)
        expect(metrics[`standardized/${name}`], name).toBeCloseTo(expected[name]!, 6);
    },
  );

  test.each(standardizedEvaluation)(
    '$items.length questions, $batchSize in a test batch: as many documents',
    ({ batchSize, items, docCounts }) => {
      const corpus = corpusOf(items);
      const candidates = standardizedCandidates(corpus.questions, batchSize / 4, buildCollection(corpus.questions));
      const counted = docCounts.map(() => 0);
      corpus.questions.forEach((question, index) => {
        const own = candidates.get(question);
        if (own) counted[Math.floor(index / batchSize)]! += 1 + own.batchPositives.length + own.hardNegatives.length;
      });
      expect(counted).toEqual(docCounts);
    },
  );
});

describe('the full-corpus evaluation', () => {
  test('agrees with sorting all documents by similarity, then id', async () => {
    const { perQuery } = await evaluateWith(questions, randomVector);
    const documents = questions.flatMap(({ answers }) => answers);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    questions
      .filter(({ answers }) => answers.length > 0)
      .forEach((question, index) => {
        const sorted = documents
          .map(({ id, text }) => ({ id, similarity: dot(randomVector(question.text), randomVector(text)) }))
          .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
        const rankOf = (id: string) => sorted.findIndex((document) => document.id === id) + 1;
        const best = rankOf(question.answers[0]!.id);
        const first = Math.min(...question.answers.map(({ id }) => rankOf(id)));
        const inTen = question.answers.filter(({ id }) => rankOf(id) <= 10).length;
        expect(perQuery.question_ids[index]).toBe(question.id);
        expect(perQuery.values['mrr@10'][index]).toBeCloseTo(best <= 10 ? 1 / best : 0, 6);
        expect(perQuery.values['map@100'][index]).toBeCloseTo(best <= 100 ? 1 / best : 0, 6);
        expect(perQuery.values['accuracy@3'][index]).toBe(best <= 3 ? 1 : 0);
        expect(perQuery.values['ndcg@10'][index]).toBeCloseTo(best <= 10 ? 1 / Math.log2(best + 1) : 0, 6);
        expect(perQuery.values['mrr@10_own'][index]).toBeCloseTo(first <= 10 ? 1 / first : 0, 6);
        expect(perQuery.values['recall@10_own'][index]).toBeCloseTo(inTen / question.answers.length, 6);
      });
  });

  test('ranks equally similar documents by ascending id, compared as strings', async () => {
    const pair = (best: string, other: string): CorpusQuestion[] => [
      {
        id: 'q',
        text: 0,
        answers: [
          { id: best, text: 1, score: 2 },
          { id: other, text: 2, score: 1 },
        ],
      },
    ];
    const reciprocalRank = async (best: string, other: string) =>
      (await evaluateWith(pair(best, other), () => [1])).metrics['mrr@10'];
    expect(await reciprocalRank('a', 'b')).toBe(1);
    expect(await reciprocalRank('b', 'a')).toBe(0.5);
    expect(await reciprocalRank('9', '10')).toBe(0.5);
  });

  test('keeps answers apart whose source numbers them per question, and joins one listed twice', () => {
    const documents = (...answers: [string, number][]) =>
      buildCollection(
        answers.map(([id, text], i) => ({ id: `q${i}`, text: 100 + i, answers: [{ id, text, score: 1 }] })),
      ).documents;
    expect(documents(['0', 1], ['0', 2])).toHaveLength(2);
    expect(documents(['0', 1], ['0', 1])).toHaveLength(1);
  });
});

describe('evaluate', () => {
  test('gives every described metric, each the mean of its values per question', async () => {
    const { metrics, perQuery } = await evaluateWith(questions, randomVector);
    expect(Object.keys(metrics)).toEqual(metricNames);
    expect(Object.keys(perQuery.values)).toEqual(metricNames);
    for (const name of metricNames) {
      const values = perQuery.values[name];
      expect(values).toHaveLength(perQuery.question_ids.length);
      const defined = [...values].filter((value) => !Number.isNaN(value));
      expect(metrics[name]).toBeCloseTo(defined.reduce((sum, value) => sum + value, 0) / defined.length, 9);
    }
  });

  test('covers the questions with an answer; standardised metrics those with two', async () => {
    const { perQuery } = await evaluateWith(questions, randomVector);
    const answered = questions.filter(({ answers }) => answers.length > 0);
    expect(perQuery.question_ids).toEqual(answered.map(({ id }) => id));
    const undefinedFor = (name: 'mrr@10' | 'standardized/mrr_hard_neg') =>
      perQuery.question_ids.filter((_, i) => Number.isNaN(perQuery.values[name][i]));
    expect(undefinedFor('mrr@10')).toEqual([]);
    expect(undefinedFor('standardized/mrr_hard_neg')).toEqual(
      answered.filter(({ answers }) => answers.length === 1).map(({ id }) => id),
    );
  });

  test('is NaN in the standardised metrics when every question has one answer', async () => {
    const { metrics } = await evaluateWith(makeQuestions([1, 1, 1]), randomVector);
    expect(metrics['standardized/mrr']).toBeNaN();
    expect(metrics['mrr@10']).toBeGreaterThan(0);
  });

  test('is 1 everywhere when each best answer equals its question and all else is far', async () => {
    const bestOf = new Map(
      questions.flatMap(({ text, answers }) => answers.slice(0, 1).map((best) => [best.text, text] as const)),
    );
    const { metrics } = await evaluateWith(questions, (text) => randomVector(bestOf.get(text) ?? text));
    for (const name of metricNames.filter((name) => !/^(ndcg|map|recall).*_own$/.test(name)))
      expect(metrics[name], name).toBe(1);
  });

  test('is 1 in the metrics over all own answers when all of them equal their question', async () => {
    const few = makeQuestions([3, 1, 2, 4]);
    const { metrics } = await evaluateWith(few, (text) => randomVector(100 * Math.floor(text / 100)));
    for (const name of ['mrr@10_own', 'ndcg@10_own', 'map@100_own', 'accuracy@1_own', 'recall@10_own'] as const)
      expect(metrics[name], name).toBeCloseTo(1, 6);
  });

  test('does not look good when all embeddings are equal', async () => {
    const { metrics } = await evaluateWith(questions, () => [0.6, 0.8]);
    for (const name of metricNames) expect(metrics[name], name).toBeLessThan(0.75);
    expect(metrics['mrr@10']).toBeLessThan(0.1);
    expect(metrics['standardized/mrr']).toBeLessThan(0.4);
  });

  test('full-corpus values do not depend on the order of questions, nor on the batch size', async () => {
    const straight = await evaluateWith(questions, randomVector, 4);
    const turned = await evaluateWith(shuffled(questions, randomStream(1, 'split')), randomVector, 2);
    const valuesById = ({ perQuery }: Evaluation) =>
      new Map(
        perQuery.question_ids.map((id, i) => [id, [perQuery.values['mrr@10'][i], perQuery.values['map@100_own'][i]]]),
      );
    expect(Object.fromEntries(valuesById(turned))).toEqual(Object.fromEntries(valuesById(straight)));
    expect(turned.metrics['standardized/mrr']).not.toBe(straight.metrics['standardized/mrr']);
  });

  test('refuses a test split without answers, and embeddings that are no numbers', async () => {
    await expect(evaluateWith(makeQuestions([0, 0]), randomVector)).rejects.toThrow(
      'None of the 2 test questions has an answer',
    );
    await expect(evaluateWith(questions, (text) => [text === 101 ? NaN : 1])).rejects.toThrow('contain NaN');
    await expect(evaluateWith(questions, (text) => [text === 101 ? Infinity : 1])).rejects.toThrow('contain Infinity');
  });

  test('stops when asked for the embedding of a text that was not encoded', async () => {
    const input = {
      questions,
      embeddings: new Float32Array(8),
      dimension: 2,
      rowOf: () => -1,
      batchSize: 4,
      similarities: plainSimilarities,
    };
    await expect(evaluate(input)).rejects.toThrow(RangeError);
  });

  test('textsToEncode: each text once, none of questions without answers', () => {
    const twins: CorpusQuestion[] = [
      { id: 'q0', text: 7, answers: [{ id: 'a', text: 3, score: 1 }] },
      { id: 'q1', text: 8, answers: [] },
      {
        id: 'q2',
        text: 7,
        answers: [
          { id: 'b', text: 3, score: 1 },
          { id: 'c', text: 5, score: 0 },
        ],
      },
    ];
    expect(textsToEncode(twins)).toEqual([7, 3, 5]);
  });
});

test('every metric has a name, a title of its own and a meaning', () => {
  expect(new Set(metricDescriptions.map(({ name }) => name)).size).toBe(34);
  expect(new Set(metricDescriptions.map(({ title }) => title)).size).toBe(34);
  for (const { meaning } of metricDescriptions) expect(meaning).toMatch(/^[A-Z].*\.$/);
});
