import { describe, expect, test } from 'vitest';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { scalarValue, Session } from '../../../../src/lab/engine/session.ts';
import type { Batch } from '../../../../src/lab/batching/batch.ts';
import { FalseNegatives } from '../../../../src/lab/batching/falseNegatives.ts';
import { configureLoss } from '../../../../src/lab/losses/registry.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { lossParameters, type LossChoice, type LossName } from '../../../../src/shared/recipe.ts';

/** `zero_loss`: the share of a batch's examples that teach nothing, against a count by hand. */

const dimension = 6;
const questions = 5;
const batchBase = {
  texts: Array.from({ length: 3 * questions }, (_, i) => i),
  questionIds: Array.from({ length: questions }, (_, i) => `q${i}`),
  documents: 3 * questions,
};
const tripletBatch: Batch = {
  ...batchBase,
  kind: 'triplets',
  falseDraws: 0,
  triplets: Array.from({ length: questions }, (_, group) => ({
    question: group,
    positive: questions + group,
    negative: 2 * questions + group,
    group,
  })),
};
const pairBatch: Batch = {
  ...batchBase,
  kind: 'pairs',
  scope: 'batch',
  falseNegatives: FalseNegatives.none(batchBase.texts),
  pairs: Array.from({ length: questions }, (_, group) => ({
    question: group,
    answer: questions + group,
    group,
    rank: 0,
    score: 1,
  })),
};

function unitVectors(seed: number): number[][] {
  const random = randomStream(seed, 'sample');
  return batchBase.texts.map(() => {
    const vector = Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

async function zeroLoss(
  name: LossName,
  given: object,
  batch: Batch,
  embeddings: number[][],
): Promise<number | undefined> {
  const bound = configureLoss({ name, parameters: lossParameters[name].parse(given) } as LossChoice);
  const { loss, metrics } = bound.build(new Graph().input('embeddings', 'float32', ['texts', dimension]));
  const session = await Session.create(compileModel({ loss, ...metrics }), 'cpu');
  const outputs = await session.run({
    embeddings: float32(Float32Array.from(embeddings.flat()), [embeddings.length, dimension]),
    ...bound.feed(batch).inputs,
  });
  await session.dispose();
  return outputs.zero_loss && scalarValue(outputs.zero_loss);
}

const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

describe.each([0.05, 0.3, 2.5])('margin %d', (margin) => {
  const embeddings = unitVectors(3);
  const s = (a: number, b: number): number =>
    embeddings[a]!.reduce((sum, value, i) => sum + value * embeddings[b]![i]!, 0);
  const isZero = (question: number, positive: number, negative: number): boolean =>
    s(question, negative) - s(question, positive) + margin <= 0;
  const others = (group: number): number[] =>
    batchBase.texts.slice(questions, 2 * questions).filter((_, other) => other !== group);

  test('triplet: triplets that are apart', async () => {
    const expected = share(
      tripletBatch.kind === 'triplets'
        ? tripletBatch.triplets.map((each) => isZero(each.question, each.positive, each.negative))
        : [],
    );
    expect(await zeroLoss('triplet', { margin }, tripletBatch, embeddings)).toBeCloseTo(expected, 6);
  });

  test('batch_triplet with the hardest negative: pairs that are apart from it', async () => {
    const expected = share(
      everyQuestion().map((q) => others(q).every((negative) => isZero(q, questions + q, negative))),
    );
    expect(await zeroLoss('batch_triplet', { margin, mining: 'hardest' }, pairBatch, embeddings)).toBeCloseTo(
      expected,
      6,
    );
  });

  test('batch_triplet with all negatives: triplets that are apart', async () => {
    const expected = share(
      everyQuestion().flatMap((q) => others(q).map((negative) => isZero(q, questions + q, negative))),
    );
    expect(await zeroLoss('batch_triplet', { margin, mining: 'all' }, pairBatch, embeddings)).toBeCloseTo(expected, 6);
  });
});

test.each<[LossName, object]>([
  ['batch_triplet', { soft_margin: true }],
  ['infonce', {}],
])('%s %o never reaches zero, and has no such figure', async (name, given) => {
  expect(await zeroLoss(name, given, pairBatch, unitVectors(1))).toBeUndefined();
});

function everyQuestion(): number[] {
  return Array.from({ length: questions }, (_, i) => i);
}
