import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/lab/batching/batch.ts';
import { FalseNegatives } from '../../../../src/lab/batching/falseNegatives.ts';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { Session, scalarValue } from '../../../../src/lab/engine/session.ts';
import { configureLoss } from '../../../../src/lab/losses/registry.ts';
import { lossNames, lossParameters, type LossChoice, type LossName } from '../../../../src/shared/recipe.ts';
import { holdDevice, testedDevices } from '../../../helpers/graph.ts';

/** Value, metrics and gradients of every loss against the original's figures, computed in float64. */

type Matrix = number[][];
interface ReferenceCase {
  name: string;
  loss: LossName;
  params: Record<string, unknown>;
  inputs: {
    q: Matrix;
    a?: Matrix;
    questionIds?: string[];
    ranks?: number[] | null;
    scores?: number[] | number[][] | null;
    aPos?: Matrix;
    aNeg?: Matrix;
    answers?: Matrix[];
  };
  expected: { loss: number; metrics: Record<string, number> } & Record<string, Matrix | Matrix[]>;
}

const { cases } = JSON.parse(readFileSync(new URL('../../../fixtures/losses.json', import.meta.url), 'utf8')) as {
  cases: ReferenceCase[];
};

/** The texts of a case as rows of one matrix, the relations over them, and the expected gradient of each row. */
function layOut({ loss, inputs, expected }: ReferenceCase): { embeddings: Matrix; batch: Batch; gradient: Matrix } {
  const { q } = inputs;
  if (loss === 'triplet') {
    const triplets = q.map((_, i) => ({ question: i, positive: q.length + i, negative: 2 * q.length + i, group: i }));
    return {
      embeddings: [...q, ...inputs.aPos!, ...inputs.aNeg!],
      batch: { kind: 'triplets', triplets, falseDraws: 0, ...base(3 * q.length, q.length) },
      gradient: [expected.gradQ, expected.gradAPos, expected.gradANeg].flat() as Matrix,
    };
  }
  if (loss === 'listwise') {
    const scores = inputs.scores as number[][];
    let next = q.length;
    const pairs = inputs.answers!.flatMap((list, group) =>
      list.map((_, rank) => ({ question: group, answer: next++, group, rank, score: scores[group]![rank]! })),
    );
    return {
      embeddings: [...q, ...inputs.answers!.flat()],
      batch: { kind: 'pairs', scope: 'question', pairs, ...base(next, q.length) },
      gradient: [...(expected.gradQ as Matrix), ...(expected.gradAnswers as Matrix[]).flat()],
    };
  }
  const ids = [...new Set(inputs.questionIds)];
  const pairs = q.map((_, i) => ({
    question: i,
    answer: q.length + i,
    group: ids.indexOf(inputs.questionIds![i]!),
    rank: inputs.ranks?.[i] ?? 0,
    score: (inputs.scores as number[] | null)?.[i] ?? 0,
  }));
  return {
    embeddings: [...q, ...inputs.a!],
    batch: { kind: 'pairs', scope: 'batch', pairs, ...base(2 * q.length, ids.length) },
    gradient: [expected.gradQ, expected.gradA].flat() as Matrix,
  };
}

function base(count: number, questions: number) {
  const texts = Array.from({ length: count }, (_, i) => i);
  return {
    texts,
    questionIds: Array.from({ length: questions }, (_, i) => `q${i}`),
    documents: count,
    falseNegatives: FalseNegatives.none(texts),
  };
}

it('there are cases for every loss that the original computes', () => {
  expect(new Set(cases.map(({ loss }) => loss))).toEqual(
    new Set([
      'infonce',
      'rank_infonce',
      'relaxed_hard_neg',
      'standard_infonce',
      'hard_negative',
      'triplet',
      'listwise',
    ]),
  );
});

describe.each(testedDevices)('losses against the original on %s', (device) => {
  let held: Session;
  beforeAll(async () => {
    held = await holdDevice(device);
  });
  afterAll(() => held.dispose());

  it.each(cases.map((reference) => [reference.name, reference] as const))('%s', async (_, reference) => {
    const { embeddings, batch, gradient } = layOut(reference);
    const dimension = embeddings[0]!.length;
    const bound = configureLoss({
      name: reference.loss,
      parameters: lossParameters[reference.loss].parse(reference.params),
    } as LossChoice);

    const graph = new Graph();
    const input = graph.input('embeddings', 'float32', ['texts', dimension]);
    const { loss, metrics } = bound.build(input);
    const [derivative] = gradients(loss, [input]);
    const session = await Session.create(compileModel({ loss, ...metrics, derivative: derivative! }), device);
    const feed = bound.feed(batch);
    const outputs = await session.run({
      embeddings: float32(Float32Array.from(embeddings.flat()), [embeddings.length, dimension]),
      ...feed.inputs,
    });
    await session.dispose();

    const { expected } = reference;
    expectNear(scalarValue(outputs.loss!), expected.loss, 1e-5);
    for (const [name, value] of Object.entries(expected.metrics)) {
      if (name === 'loss') continue;
      const found = name in feed.metrics ? feed.metrics[name]! : scalarValue(outputs[name]!);
      expect.soft(found, name).toBeCloseTo(value, 5);
    }
    const scale = Math.max(...gradient.flat().map(Math.abs));
    const found = outputs.derivative!.data as Float32Array;
    gradient
      .flat()
      .forEach((value, i) =>
        expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-4 * Math.abs(value) + 1e-6 * Math.max(1, scale)),
      );
  });
});

describe.each(testedDevices)('every loss on %s', (device) => {
  it.each(lossNames)('%s: the device computes loss, metrics and gradients', async (name) => {
    const bound = configureLoss({ name, parameters: lossParameters[name].parse({}) } as LossChoice);
    const input = new Graph().input('embeddings', 'float32', ['texts', 4]);
    const { loss, metrics } = bound.build(input);
    const [derivative] = gradients(loss, [input]);
    // Creating a session decides it: a node that the device has no kernel for is refused there.
    const session = await Session.create(compileModel({ loss, ...metrics, derivative: derivative! }), device);
    await session.dispose();
  });
});

/** Relative to the expected value; absolute near zero. */
function expectNear(found: number, expected: number, tolerance: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), 0.1));
}
