import { describe, expect, test } from 'vitest';
import { diagnoseEmbeddings } from '../../../../../src/lab/evaluation/probe/measure.ts';
import type { ProbePair } from '../../../../../src/lab/evaluation/probe/probe.ts';
import { effectiveRank } from '../../../../../src/lab/evaluation/probe/spectrum.ts';
import { plainSimilarities } from '../../../../../src/lab/evaluation/similarity.ts';
import { randomStream } from '../../../../../src/lab/base/random.ts';
import { marginBin, shareAhead, type Diagnostics } from '../../../../../src/shared/diagnostics.ts';

const dimension = 8;

function unitVectors(count: number, seed = 1): number[][] {
  const random = randomStream(seed, 'sample');
  return Array.from({ length: count }, () => {
    const vector = Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => Math.fround(value / length));
  });
}

function diagnose(probe: readonly ProbePair[], vectors: readonly (readonly number[])[]): Promise<Diagnostics> {
  return diagnoseEmbeddings(probe, {
    embeddings: Float32Array.from(vectors.flat()),
    dimension,
    rowOf: (text) => text,
    similarities: plainSimilarities,
  });
}

/** Texts 0 … 3n − 1: question i, its answer n + i, and its lower-ranked answer 2n + i. */
const probeOf = (count: number): ProbePair[] =>
  Array.from({ length: count }, (_, i) => ({ question: i, answer: count + i, hardNegatives: [2 * count + i] }));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

describe('against sums by hand', () => {
  const count = 12;
  const probe = probeOf(count);
  const vectors = unitVectors(3 * count);
  const questions = vectors.slice(0, count);
  const answers = vectors.slice(count, 2 * count);
  const pairs = probe.flatMap((_, i) => probe.slice(0, i).map((__, j) => [i, j] as const));

  test('alignment', async () => {
    expect((await diagnose(probe, vectors)).figures.alignment).toBeCloseTo(
      mean(questions.map((question, i) => distance(question, answers[i]!))),
      5,
    );
  });

  test('uniformity, the mean of both sides', async () => {
    const side = (texts: number[][]): number =>
      Math.log(mean(pairs.map(([i, j]) => Math.exp(-2 * distance(texts[i]!, texts[j]!)))));
    expect((await diagnose(probe, vectors)).figures.uniformity).toBeCloseTo((side(questions) + side(answers)) / 2, 5);
  });

  test('cosine of texts that do not belong together', async () => {
    const texts = [...questions, ...answers];
    const unrelated = texts.flatMap((a, i) =>
      texts.flatMap((b, j) => (i !== j && i % count !== j % count ? [dot(a, b)] : [])),
    );
    expect((await diagnose(probe, vectors)).figures.mean_cosine).toBeCloseTo(mean(unrelated), 5);
  });

  test('margins to other answers, and to the own lower-ranked one', async () => {
    const inBatch = questions.map(
      (question, i) =>
        dot(question, answers[i]!) -
        Math.max(...answers.filter((_, j) => j !== i).map((answer) => dot(question, answer))),
    );
    const hard = questions.map((question, i) => dot(question, answers[i]!) - dot(question, vectors[2 * count + i]!));
    const { figures, margins } = await diagnose(probe, vectors);
    expect(figures.in_batch_margin).toBeCloseTo(mean(inBatch), 5);
    expect(figures.hard_margin).toBeCloseTo(mean(hard), 5);
    for (const [counts, expected] of [
      [margins.in_batch, inBatch],
      [margins.hard, hard],
    ] as const) {
      counts.forEach((found, bin) => expect(found).toBe(expected.filter((margin) => marginBin(margin) === bin).length));
      expect(shareAhead(counts)).toBeCloseTo(expected.filter((margin) => margin > 0).length / count, 12);
    }
  });
});

test('effective rank: as many as there are directions of equal weight', () => {
  const axes = (count: number): Float32Array =>
    Float32Array.from(
      Array.from({ length: 2 * count }, (_, row) =>
        Array.from({ length: dimension }, (__, i) => Number(i === row % count)),
      ).flat(),
    );
  for (const count of [1, 2, 5, 8]) expect(effectiveRank(axes(count), dimension)).toBeCloseTo(count, 5);
  // One direction four times as often as another: singular values 2 and 1.
  const [p, q] = [2 / 3, 1 / 3];
  const uneven = Float32Array.from(
    [0, 0, 0, 0, 1].flatMap((axis) => Array.from({ length: dimension }, (_, i) => Number(i === axis))),
  );
  expect(effectiveRank(uneven, dimension)).toBeCloseTo(Math.exp(-p * Math.log(p) - q * Math.log(q)), 5);
});

test('an encoder that embeds everything alike: one point, and nobody ahead', async () => {
  const [point] = unitVectors(1);
  const { figures, margins } = await diagnose(
    probeOf(20),
    Array.from({ length: 60 }, () => point!),
  );
  expect(figures.alignment).toBeCloseTo(0, 5);
  expect(figures.uniformity).toBeCloseTo(0, 5);
  expect(figures.mean_cosine).toBeCloseTo(1, 5);
  expect(figures.effective_rank).toBeCloseTo(1, 3);
  expect([shareAhead(margins.in_batch), shareAhead(margins.hard)]).toEqual([0, 0]);
});

test('a single pair has no second text to be held against', async () => {
  const { figures, margins } = await diagnose([{ question: 0, answer: 1, hardNegatives: [] }], unitVectors(2));
  expect(figures).toMatchObject({ uniformity: null, mean_cosine: null, in_batch_margin: null, hard_margin: null });
  expect(figures.alignment).toBeGreaterThan(0);
  expect(margins).toEqual({ in_batch: [], hard: [] });
});

test('an answer that is given to two questions is no wrong answer to either', async () => {
  const vectors = unitVectors(4);
  const probe = [
    { question: 0, answer: 2, hardNegatives: [] },
    { question: 1, answer: 2, hardNegatives: [] },
    { question: 3, answer: 1, hardNegatives: [] },
  ];
  const { figures } = await diagnose(probe, vectors);
  const margin = (question: number, answer: number, other: number): number =>
    dot(vectors[question]!, vectors[answer]!) - dot(vectors[question]!, vectors[other]!);
  expect(figures.in_batch_margin).toBeCloseTo(mean([margin(0, 2, 1), margin(1, 2, 1), margin(3, 1, 2)]), 5);
});
