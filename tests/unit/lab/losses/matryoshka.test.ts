import { describe, expect, test } from 'vitest';
import { compileModel } from '../../../../src/lab/graph/compile.ts';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { scalarValue, Session } from '../../../../src/lab/engine/session.ts';
import { configureLoss } from '../../../../src/lab/losses/registry.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { lossNames } from '../../../../src/shared/recipe.ts';
import { tinyConfigurations, tinyEncoder } from '../../../helpers/tinyEncoders.ts';
import { choiceOf, tinyBatch, trainTiny } from '../../../helpers/tinySteps.ts';
import { designStep } from '../../../../src/lab/training/createStep.ts';

/** Matryoshka lengths against the loss of embeddings that were cut and normalised by hand. */

const dimension = 8;

function normalised(rows: readonly number[][]): number[][] {
  return rows.map((row) => row.map((value) => value / Math.hypot(...row)));
}

function makeRows(count: number): number[][] {
  const random = randomStream(5, 'sample');
  return normalised(Array.from({ length: count }, () => Array.from({ length: dimension }, () => random.normal())));
}

async function compute(choice: ReturnType<typeof choiceOf>, rows: number[][]) {
  const loss = configureLoss(choice);
  const width = rows[0]!.length;
  const input = new Graph().input('embeddings', 'float32', ['texts', width]);
  const outputs = loss.build(input);
  const [derivative] = gradients(outputs.loss, [input]);
  const session = await Session.create(
    compileModel({ loss: outputs.loss, derivative: derivative!, ...outputs.metrics }),
    'cpu',
  );
  const found = await session.run({
    embeddings: float32(Float32Array.from(rows.flat()), [rows.length, width]),
    ...loss.feed(tinyBatch(choice.name).batch).inputs,
  });
  await session.dispose();
  const metrics = Object.keys(outputs.metrics).map((name) => scalarValue(found[name]!));
  return { loss: scalarValue(found.loss!), gradient: found.derivative!.data as Float32Array, metrics };
}

describe.each(lossNames)('%s', (name) => {
  const rows = makeRows(tinyBatch(name).batch.texts.length);
  const cut = (length: number): number[][] => normalised(rows.map((row) => row.slice(0, length)));

  test('is the mean over the lengths and the full one; metrics are those of the full one', async () => {
    const found = await compute(choiceOf(name, { matryoshka_dimensions: [4, 2, dimension] }), rows);
    const parts = [
      await compute(choiceOf(name), rows),
      await compute(choiceOf(name), cut(4)),
      await compute(choiceOf(name), cut(2)),
    ];
    expect(found.loss).toBeCloseTo(parts.reduce((sum, { loss }) => sum + loss, 0) / 3, 4);
    expect(found.metrics).toEqual(parts[0]!.metrics);
  });
});

test.each(['infonce', 'margin_mse', 'hard_negative'] as const)(
  '%s: the gradient is that of differences, numbers behind the cut included',
  async (name) => {
    const choice = choiceOf(name, { matryoshka_dimensions: [3], ...(name !== 'margin_mse' && { temperature: 0.5 }) });
    const rows = makeRows(tinyBatch(name).batch.texts.length);
    const { gradient } = await compute(choice, rows);
    for (const [text, column] of [
      [0, 0],
      [0, 5],
      [1, 2],
      [2, 7],
    ] as const) {
      const moved = async (by: number): Promise<number> =>
        (
          await compute(
            choice,
            rows.map((row, t) => (t === text ? row.map((value, c) => (c === column ? value + by : value)) : row)),
          )
        ).loss;
      expect(gradient[text * dimension + column]).toBeCloseTo(((await moved(0.01)) - (await moved(-0.01))) / 0.02, 2);
    }
  },
);

test('cached steps do the same as whole ones', async () => {
  const encoder = tinyEncoder(tinyConfigurations['mini, mean']!);
  const design = {
    loss: choiceOf('infonce', { matryoshka_dimensions: [3, 2], learn_temperature: true }),
    dropout: 0.2,
  };
  const [whole, cached] = [
    await trainTiny(encoder, design, 3),
    await trainTiny(encoder, { ...design, cacheBatch: 5 }, 3),
  ];
  whole.figures.forEach(({ loss, gradientNorm }, i) => {
    expect(cached.figures[i]!.loss).toBeCloseTo(loss, 4);
    expect(cached.figures[i]!.gradientNorm / gradientNorm).toBeCloseTo(1, 4);
  });
});

test('a length that embeddings do not have is refused', () => {
  const configuration = resolveConfiguration({ ...tinyConfigurations.static, matryoshka_dimensions: [4, 16] });
  expect(() => designStep(tinyEncoder(tinyConfigurations.static!).encoder, configuration, 'cpu')).toThrow(
    'matryoshka_dimensions contains 16, but embeddings of this encoder have 8 dimensions.',
  );
});

test.each([[[0]], [[]], [[2.5]], ['4']])('matryoshka_dimensions %o is no list of lengths', (value) => {
  expect(() => resolveConfiguration({ matryoshka_dimensions: value })).toThrow('matryoshka_dimensions');
});
