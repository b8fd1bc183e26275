import { describe, expect, test } from 'vitest';
import type { Batch, PairBatch } from '../../../../src/lab/batching/batch.ts';
import { FalseNegatives } from '../../../../src/lab/batching/falseNegatives.ts';
import { buildBatch } from '../../../../src/lab/batching/registry.ts';
import { TextClasses } from '../../../../src/lab/batching/textClasses.ts';
import type { CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { scalarValue, Session } from '../../../../src/lab/engine/session.ts';
import { configureLoss } from '../../../../src/lab/losses/registry.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import type { FalseNegativePolicy } from '../../../../src/shared/falseNegatives.ts';
import {
  lossNames,
  strategiesOfLoss,
  strategyParameters,
  type LossName,
  type StrategyChoice,
  type StrategyName,
} from '../../../../src/shared/recipe.ts';
import { choiceOf } from '../../../helpers/tinySteps.ts';

/**
 * What counts as a negative, by hand, and against what the gradients of the losses push away. Three
 * questions with 3, 2 and 1 answers; `said` gives answers another text.
 */
const counts = [3, 2, 1];

function makeQuestions(said: Readonly<Record<string, string>> = {}): {
  questions: CorpusQuestion[];
  classes: TextClasses;
} {
  const texts: string[] = [];
  const questions = counts.map((count, q) => ({
    id: `q${q}`,
    text: texts.push(`question ${q}`) - 1,
    answers: Array.from({ length: count }, (_, rank) => ({
      id: `a${q}.${rank}`,
      text: texts.push(said[`${q}.${rank}`] ?? `answer ${q}.${rank}`) - 1,
      score: 10 - 3 * rank,
    })),
  }));
  return { questions, classes: TextClasses.among(texts.keys(), (i) => texts[i]!) };
}

function build(strategy: StrategyName, policy: FalseNegativePolicy, said?: Readonly<Record<string, string>>): Batch {
  const choice = { name: strategy, parameters: strategyParameters[strategy].parse({}) } as StrategyChoice;
  const { questions, classes } = makeQuestions(said);
  return buildBatch(choice, questions, randomStream(1, 'answers'), { classes, policy })!;
}

async function gradientOf(
  loss: LossName,
  parameters: object,
  batch: Batch,
  rows = Array.from({ length: batch.texts.length }, (_, i) => unit(i)),
) {
  const bound = configureLoss(choiceOf(loss, parameters));
  const input = new Graph().input('embeddings', 'float32', ['texts', rows[0]!.length]);
  const outputs = bound.build(input);
  const [derivative] = gradients(outputs.loss, [input]);
  const session = await Session.create(compileModel({ loss: outputs.loss, derivative: derivative! }), 'cpu');
  const { inputs, metrics } = bound.feed(batch);
  const found = await session.run({
    embeddings: float32(Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]),
    ...inputs,
  });
  await session.dispose();
  return { value: scalarValue(found.loss!), derivative: found.derivative!.data as Float32Array, metrics };
}

function unit(seed: number): number[] {
  const random = randomStream(seed, 'sample');
  const vector = Array.from({ length: 6 }, () => random.normal());
  return vector.map((value) => value / Math.hypot(...vector));
}

const everyFeeding = lossNames.flatMap((loss) => strategiesOfLoss[loss].map((strategy) => [loss, strategy] as const));

describe.each(everyFeeding)('%s over %s', (loss, strategy) => {
  test('every step has its texts, negatives and false negatives', () => {
    const batch = build(strategy, 'keep');
    const { metrics } = configureLoss(choiceOf(loss)).feed(batch);
    expect(metrics.texts).toBe(batch.texts.length);
    expect(metrics.false_negatives).toBe(0);
    expect(metrics.negatives_per_question).toBeGreaterThanOrEqual(0);
  });
});

/** Of questions with 3, 2 and 1 answers; the mean over those that have a negative. */
test.each<[LossName, StrategyName, object, number]>([
  ['infonce', 'infonce', {}, 2],
  ['infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['standard_infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['rank_infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['relaxed_hard_neg', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['relaxed_hard_neg', 'hard_negative', {}, 0],
  ['hard_negative', 'multiple_positives', {}, (3 + 3 + (4 + 2) + 5) / 3],
  ['hard_negative', 'multiple_positives', { hard_negative_weight: 0 }, (3 + 4 + 5) / 3],
  ['triplet', 'triplet', {}, 1],
  ['listwise', 'listwise', {}, (2 + 1) / 2],
  ['mse', 'hard_negative', {}, (2 + 1) / 2],
  ['mse', 'multiple_positives', {}, (2 + 1) / 2],
  ['pairwise_logistic', 'hard_negative', {}, (2 + 1) / 2],
  ['lambda_loss', 'listwise', {}, (2 + 1) / 2],
  ['list_mle', 'listwise', {}, (2 + 1) / 2],
  ['margin_mse', 'multiple_positives', {}, (2 + 1) / 2],
  ['infonce_hard_negatives', 'multiple_positives', {}, (5 + 5 + 5) / 3],
  ['infonce_hard_negatives', 'multiple_positives', { hard_negative_weight: 0 }, (3 + 4 + 5) / 3],
  ['best_answer', 'hard_negative', {}, (2 + 1) / 2],
  ['per_answer_infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['hardness_infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['decoupled_infonce', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['batch_triplet', 'multiple_positives', {}, (3 + 4 + 5) / 3],
  ['cosent', 'multiple_positives', {}, (2 + 1) / 2],
])('%s over %s %o: %d negatives for a question', (loss, strategy, parameters, expected) => {
  const { metrics } = configureLoss(choiceOf(loss, parameters)).feed(build(strategy, 'keep'));
  expect(metrics.negatives_per_question).toBeCloseTo(expected, 10);
});

/** a1.0 says what a0.0 says. */
const repeated = { '1.0': 'ANSWER 0.0' };

describe.each<[LossName, StrategyName]>([
  ['infonce', 'multiple_positives'],
  ['standard_infonce', 'infonce'],
  ['standard_infonce', 'multiple_positives'],
  ['rank_infonce', 'multiple_positives'],
  ['multiple_positives', 'multiple_positives'],
  ['hard_negative', 'multiple_positives'],
  ['relaxed_hard_neg', 'multiple_positives'],
  ['infonce_hard_negatives', 'multiple_positives'],
  ['per_answer_infonce', 'multiple_positives'],
  ['hardness_infonce', 'multiple_positives'],
  ['decoupled_infonce', 'multiple_positives'],
  ['batch_triplet', 'multiple_positives'],
])('an answer that repeats one of another question: %s over %s', (loss, strategy) => {
  const parameters = loss === 'batch_triplet' ? { mining: 'all', soft_margin: true } : {};
  /** The gradient of the first question with respect to the answer that repeats its own: opposite of where it is moved. */
  const pushOf = async (policy: FalseNegativePolicy) => {
    const batch = build(strategy, policy, repeated) as PairBatch;
    const { derivative, metrics } = await gradientOf(loss, parameters, batch, orthogonal(batch));
    const [own, twin] = [
      batch.pairs.find(({ group, rank }) => group === 0 && rank === 0)!,
      batch.pairs.find(({ group, rank }) => group === 1 && rank === 0)!,
    ];
    const width = batch.texts.length;
    return {
      metrics,
      onQuestion: derivative[own.question * width + twin.answer]!,
      onTwin: derivative[twin.question * width + own.answer]!,
    };
  };

  test('is pushed away and counted with keep and avoid, counted and left alone with mask', async () => {
    const [kept, avoided, masked] = [await pushOf('keep'), await pushOf('avoid'), await pushOf('mask')];
    expect(kept.onQuestion).toBeGreaterThan(1e-3);
    expect(kept.onTwin).toBeGreaterThan(1e-3);
    expect(avoided).toEqual(kept);
    expect(masked.onQuestion).toBeCloseTo(0, 6);
    expect(masked.onTwin).toBeCloseTo(0, 6);
    expect(kept.metrics.false_negatives).toBe(2);
    expect(masked.metrics.false_negatives).toBe(2);
    expect(masked.metrics.negatives_per_question).toBeLessThan(kept.metrics.negatives_per_question!);
  });
});

/** Each text an axis of its own: the gradient of a question along the axis of an answer is that of their similarity. */
function orthogonal({ texts }: Batch): number[][] {
  return texts.map((_, i) => texts.map((__, j) => Number(i === j)));
}

/** The losses in which such an answer then plays no part; in the others it still stands against others. */
const listsAndRows: ReadonlySet<LossName> = new Set<LossName>([
  'best_answer',
  'infonce_hard_negatives',
  'lambda_loss',
  'list_mle',
  'listwise',
]);

/** The lowest-ranked answer of q0 says what its best says. */
describe.each<[LossName, StrategyName]>([
  ['best_answer', 'hard_negative'],
  ['infonce_hard_negatives', 'hard_negative'],
  ['pairwise_logistic', 'listwise'],
  ['margin_mse', 'hard_negative'],
  ['lambda_loss', 'listwise'],
  ['list_mle', 'listwise'],
  ['listwise', 'listwise'],
  ['cosent', 'hard_negative'],
  ['hard_negative', 'hard_negative'],
])('an own answer that repeats the best: %s over %s', (loss, strategy) => {
  const counted = (policy: FalseNegativePolicy) =>
    configureLoss(choiceOf(loss)).feed(build(strategy, policy, { '0.2': 'Answer 0.0!' })).metrics;

  test('is counted, and a negative less where it is masked', () => {
    expect(counted('keep').false_negatives).toBeGreaterThan(0);
    expect(counted('mask').false_negatives).toBe(counted('keep').false_negatives);
    expect(counted('mask').negatives_per_question).toBeLessThanOrEqual(counted('keep').negatives_per_question!);
  });

  test.skipIf(!listsAndRows.has(loss))('masked, the loss is that of a batch without it', async () => {
    const batch = build(strategy, 'mask', { '0.2': 'Answer 0.0!' }) as PairBatch;
    const without = {
      ...batch,
      pairs: batch.pairs.filter(({ group, rank }) => group !== 0 || rank !== 2),
      falseNegatives: FalseNegatives.none(batch.texts),
    };
    expect((await gradientOf(loss, {}, batch)).value).toBeCloseTo((await gradientOf(loss, {}, without)).value, 5);
  });
});

test('decoupled InfoNCE: a question whose negatives are all masked teaches nothing', async () => {
  const batch = build('infonce', 'mask', { '1.0': 'answer 0.0', '2.0': 'answer 0.0' });
  const { value, derivative, metrics } = await gradientOf('decoupled_infonce', {}, batch);
  expect(value).toBe(0);
  expect(Math.max(...derivative.map(Math.abs))).toBe(0);
  expect(metrics).toMatchObject({ negatives_per_question: 0, false_negatives: 6 });
});

test('a triplet loss has one negative for each question, and the false ones that were drawn', () => {
  const { metrics } = configureLoss(choiceOf('triplet')).feed(build('triplet', 'keep', { '0.2': 'ANSWER 0.0' }));
  expect(metrics).toMatchObject({ negatives_per_question: 1, false_negatives: 1 });
});
