import { describe, expect, test } from 'vitest';
import type { PairBatch } from '../../../../src/lab/batching/batch.ts';
import { FalseNegatives } from '../../../../src/lab/batching/falseNegatives.ts';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { Session, scalarValue } from '../../../../src/lab/engine/session.ts';
import { configureLoss } from '../../../../src/lab/losses/registry.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { lossParameters, type LossChoice, type LossName } from '../../../../src/shared/recipe.ts';
import type { Pair } from '../../../../src/lab/batching/pair.ts';

/** Losses against their formulas written as loops over pairs, in float64, and their gradients against differences of those. */

type Similarity = (pair: Pair, answer: Pair) => number;
type Parameters = Record<string, number | boolean | string>;
type Formula = (batch: PairBatch, s: Similarity, parameters: Parameters) => number;

const groupsOf = (pairs: readonly Pair[]): Pair[][] => [...Map.groupBy(pairs, ({ group }) => group).values()];
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
const logSumExp = (values: readonly number[]): number =>
  Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
const scaled = (list: readonly Pair[]): ((pair: Pair) => number) => {
  const scores = list.map(({ score }) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return ({ score }) => (high > low ? (score - low) / (high - low) : 1);
};
const best = (list: readonly Pair[]): Pair => list.find(({ rank }) => rank === 0)!;

const formulas: Partial<Record<LossName, Formula>> = {
  multiple_positives: ({ pairs }, s, { temperature, rank_weight }) =>
    mean(
      groupsOf(pairs).flatMap((list) => {
        const weights = list.map(({ rank }) => Math.exp(-Number(rank_weight) * rank));
        const total = weights.reduce((a, b) => a + b, 0);
        return list.map((i) => {
          const all = logSumExp(pairs.map((j) => s(i, j) / Number(temperature)));
          return -list.reduce((sum, j, k) => sum + (weights[k]! / total) * (s(i, j) / Number(temperature) - all), 0);
        });
      }),
    ),
  mse: ({ pairs }, s, { normalize }) =>
    mean(
      groupsOf(pairs).flatMap((list) =>
        list.map((i) => (s(i, i) - (normalize === true ? scaled(list)(i) : i.score)) ** 2),
      ),
    ),
  pairwise_logistic: ({ pairs }, s, { temperature }) =>
    mean(
      groupsOf(pairs).flatMap((list) => {
        const terms = list.flatMap((i) =>
          list
            .filter((j) => i.score > j.score)
            .map((j) => Math.log(1 + Math.exp(-(s(i, i) - s(j, j)) / Number(temperature)))),
        );
        return terms.length > 0 ? [mean(terms)] : [];
      }),
    ),
  lambda_loss: ({ pairs }, s, { temperature }) => {
    const groups = groupsOf(pairs);
    return mean(
      groups.map((list) => {
        const discount = (pair: Pair): number =>
          1 / Math.log2(1 + list.filter((other) => s(other, other) > s(pair, pair)).length + 1);
        const ideal = list
          .map(({ score }) => score)
          .sort((a, b) => b - a)
          .reduce((sum, score, i) => sum + score / Math.log2(i + 2), 0);
        if (list.length < 2 || ideal <= 0) return 0;
        return list
          .flatMap((i) =>
            list.map((j) =>
              i.score > j.score
                ? ((i.score - j.score) / ideal) *
                  Math.abs(discount(i) - discount(j)) *
                  Math.log(1 + Math.exp(-(s(i, i) - s(j, j)) / Number(temperature)))
                : 0,
            ),
          )
          .reduce((a, b) => a + b, 0);
      }),
    );
  },
  list_mle: ({ pairs }, s, { temperature }) =>
    mean(
      groupsOf(pairs).map((list) =>
        list
          .map(
            (pair, place) =>
              logSumExp(list.slice(place).map((each) => s(each, each) / Number(temperature))) -
              s(pair, pair) / Number(temperature),
          )
          .reduce((a, b) => a + b, 0),
      ),
    ),
  margin_mse: ({ pairs }, s) =>
    mean(
      groupsOf(pairs).flatMap((list) =>
        list
          .filter((pair) => pair !== best(list))
          .map(
            (pair) =>
              (s(best(list), best(list)) - s(pair, pair) - (scaled(list)(best(list)) - scaled(list)(pair))) ** 2,
          ),
      ),
    ),
  cosent: ({ pairs }, s, { temperature }) => {
    const label = new Map(groupsOf(pairs).flatMap((list) => list.map((pair) => [pair, scaled(list)(pair)] as const)));
    const terms = pairs.flatMap((i) =>
      pairs.filter((j) => label.get(i)! > label.get(j)!).map((j) => (s(j, j) - s(i, i)) / Number(temperature)),
    );
    return Math.log(1 + terms.reduce((sum, term) => sum + Math.exp(term), 0));
  },
  infonce_hard_negatives: ({ pairs }, s, { temperature, hard_negative_weight, use_scores }) =>
    mean(
      groupsOf(pairs).map((list) => {
        const row = best(list);
        const weight = (pair: Pair): number =>
          pair.group !== row.group || pair === row
            ? 1
            : Number(hard_negative_weight) * (use_scores ? 1 - scaled(list)(pair) : 1);
        const total = pairs.reduce((sum, pair) => sum + weight(pair) * Math.exp(s(row, pair) / Number(temperature)), 0);
        return Math.log(total) - s(row, row) / Number(temperature);
      }),
    ),
  best_answer: ({ pairs }, s, { temperature }) =>
    mean(
      groupsOf(pairs).map(
        (list) =>
          logSumExp(list.map((pair) => s(best(list), pair) / Number(temperature))) -
          s(best(list), best(list)) / Number(temperature),
      ),
    ),
  per_answer_infonce: ({ pairs }, s, { temperature }) =>
    mean(
      pairs.map(
        (row) =>
          logSumExp(
            pairs
              .filter((pair) => pair === row || pair.group !== row.group)
              .map((pair) => s(row, pair) / Number(temperature)),
          ) -
          s(row, row) / Number(temperature),
      ),
    ),
  decoupled_infonce: ({ pairs }, s, { temperature }) =>
    mean(
      pairs.map((row) => {
        const own = pairs.filter(({ group }) => group === row.group);
        const wrong = logSumExp(
          pairs.filter(({ group }) => group !== row.group).map((pair) => s(row, pair) / Number(temperature)),
        );
        return mean(own.map((pair) => wrong - s(row, pair) / Number(temperature)));
      }),
    ),
  batch_triplet: ({ pairs }, s, { mining, margin, soft_margin }) =>
    mean(
      pairs.map((row) => {
        const positive = s(row, row);
        const negatives = pairs.filter(({ group }) => group !== row.group).map((pair) => s(row, pair));
        const farther = negatives.filter((value) => value < positive);
        const chosen =
          mining === 'all'
            ? negatives
            : [Math.max(...(mining === 'semi_hard' && farther.length > 0 ? farther : negatives))];
        return mean(
          chosen.map((value) =>
            soft_margin ? Math.log(1 + Math.exp(value - positive)) : Math.max(0, value - positive + Number(margin)),
          ),
        );
      }),
    ),
};

const cases: [LossName, Parameters][] = [
  ['multiple_positives', {}],
  ['multiple_positives', { rank_weight: 1 }],
  ['mse', {}],
  ['mse', { normalize: false }],
  ['pairwise_logistic', {}],
  ['lambda_loss', {}],
  ['list_mle', {}],
  ['margin_mse', {}],
  ['cosent', {}],
  ['infonce_hard_negatives', {}],
  ['infonce_hard_negatives', { hard_negative_weight: 3, use_scores: true }],
  ['best_answer', {}],
  ['per_answer_infonce', {}],
  ['decoupled_infonce', {}],
  ...(['hardest', 'semi_hard', 'all'] as const).flatMap((mining): [LossName, Parameters][] => [
    ['batch_triplet', { mining }],
    ['batch_triplet', { mining, soft_margin: true }],
  ]),
];

/** Questions with the given numbers of answers, votes falling with rank; the last two answers of a question may tie. */
function pairBatch(answers: readonly number[], scope: PairBatch['scope'] = 'batch'): PairBatch {
  let next = answers.length;
  const pairs = answers.flatMap((count, group) =>
    Array.from({ length: count }, (_, rank) => ({
      question: group,
      answer: next++,
      group,
      rank,
      score: Math.max(1, 2 * (count - rank) - group),
    })),
  );
  const texts = Array.from({ length: next }, (_, i) => i);
  return {
    kind: 'pairs',
    scope,
    pairs,
    texts,
    questionIds: answers.map((_, i) => `q${i}`),
    documents: next,
    falseNegatives: FalseNegatives.none(texts),
  };
}

function unitVectors(count: number, seed: number, dimension = 6): number[][] {
  const random = randomStream(seed, 'sample');
  return Array.from({ length: count }, () => {
    const vector = Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

async function compute(
  name: LossName,
  parameters: Parameters,
  batch: PairBatch,
  embeddings: number[][],
): Promise<{ loss: number; gradient: Float32Array }> {
  const dimension = embeddings[0]!.length;
  const bound = configureLoss({ name, parameters: lossParameters[name].parse(parameters) } as LossChoice);
  const input = new Graph().input('embeddings', 'float32', ['texts', dimension]);
  const { loss } = bound.build(input);
  const [derivative] = gradients(loss, [input]);
  const session = await Session.create(compileModel({ loss, derivative: derivative! }), 'cpu');
  const outputs = await session.run({
    embeddings: float32(Float32Array.from(embeddings.flat()), [embeddings.length, dimension]),
    ...bound.feed(batch).inputs,
  });
  await session.dispose();
  return { loss: scalarValue(outputs.loss!), gradient: outputs.derivative!.data as Float32Array };
}

describe.each(cases)('%s %o', (name, given) => {
  const parameters = lossParameters[name].parse(given) as Parameters;
  const naive = (batch: PairBatch, embeddings: number[][]): number =>
    formulas[name]!(batch, (row, column) => dot(embeddings[row.question]!, embeddings[column.answer]!), parameters);

  test.each([[[3, 2, 4]], [[2, 2]], [[5, 3, 2, 4, 2]]])('over questions with %o answers', async (answers) => {
    const batch = pairBatch(answers);
    const embeddings = unitVectors(batch.texts.length, answers.length);
    const { loss, gradient } = await compute(name, given, batch, embeddings);
    expect(loss).toBeCloseTo(naive(batch, embeddings), 4);
    const step = 1e-5;
    embeddings.forEach((vector, text) =>
      vector.forEach((_, column) => {
        const moved = (by: number): number =>
          naive(
            batch,
            embeddings.map((each, t) =>
              t === text ? each.map((value, c) => (c === column ? value + by : value)) : each,
            ),
          );
        const expected = (moved(step) - moved(-step)) / (2 * step);
        expect(gradient[text * vector.length + column]).toBeCloseTo(expected, 3);
      }),
    );
  });
});

test('hardness-weighted InfoNCE has the gradient of InfoNCE with its weights held fast', async () => {
  const batch = pairBatch([1, 1, 1, 1]);
  const embeddings = unitVectors(8, 5);
  const weight = (row: Pair, pair: Pair): number =>
    row.group === pair.group ? 1 : Math.exp(5 * dot(embeddings[row.question]!, embeddings[pair.answer]!));
  const weights = new Map(
    batch.pairs.map((row) => [row, new Map(batch.pairs.map((pair) => [pair, weight(row, pair)]))]),
  );
  const naive = (moved: number[][]): number =>
    mean(
      batch.pairs.map((row) => {
        const s = (pair: Pair): number => dot(moved[row.question]!, moved[pair.answer]!) / 0.1;
        return (
          Math.log(batch.pairs.reduce((sum, pair) => sum + weights.get(row)!.get(pair)! * Math.exp(s(pair)), 0)) -
          s(row)
        );
      }),
    );
  const { loss, gradient } = await compute('hardness_infonce', { hardness: 5 }, batch, embeddings);
  expect(loss).toBeCloseTo(naive(embeddings), 4);
  embeddings.forEach((vector, text) =>
    vector.forEach((_, column) => {
      const moved = (by: number): number =>
        naive(
          embeddings.map((each, t) =>
            t === text ? each.map((value, c) => (c === column ? value + by : value)) : each,
          ),
        );
      expect(gradient[text * vector.length + column]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 3);
    }),
  );
});

test('hardness 0 is InfoNCE, and so is an own negative that counts once among InfoNCE with one answer each', async () => {
  const batch = pairBatch([1, 1, 1]);
  const embeddings = unitVectors(6, 2);
  const { loss } = await compute('infonce', {}, batch, embeddings);
  expect((await compute('hardness_infonce', { hardness: 0 }, batch, embeddings)).loss).toBeCloseTo(loss, 6);
  expect((await compute('infonce_hard_negatives', {}, batch, embeddings)).loss).toBeCloseTo(loss, 6);
});

describe('batches with nothing to learn from', () => {
  const equalVotes = (): PairBatch => {
    const batch = pairBatch([3]);
    return { ...batch, pairs: batch.pairs.map((pair) => ({ ...pair, score: 1 })) };
  };

  test.each<LossName>(['pairwise_logistic', 'lambda_loss', 'cosent', 'batch_triplet', 'decoupled_infonce'])(
    '%s: one question, equal votes: no gradient',
    async (name) => {
      const { loss, gradient } = await compute(name, {}, equalVotes(), unitVectors(4, 1));
      expect(loss).toBeCloseTo(0, 6);
      expect(Math.max(...gradient.map(Math.abs))).toBe(0);
    },
  );
});
