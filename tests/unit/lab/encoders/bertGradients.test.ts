import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gradients } from '../../../../src/lab/graph/gradient.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import type { Session } from '../../../../src/lab/engine/session.ts';
import { multiply } from '../../../../src/lab/graph/operators/elementwise.ts';
import { sumAll } from '../../../../src/lab/graph/operators/reduction.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { evaluate, holdDevice, testedDevices } from '../../../helpers/graph.ts';
import { modelFolder, plainEmbedding, tinyBert, type TinyModel } from '../../../helpers/tinyModels.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

/** BERT's gradients, as a training step takes them, against central differences of the plain forward pass. */

const texts = [
  [2, 9, 3],
  [2, 11, 12, 13, 9, 3],
  [2, 3],
];
const model = tinyBert();
const size = 8;
/** The loss: a fixed combination of all embeddings. */
const share = (text: number, i: number): number => Math.sin(1 + text * size + i);

/** One place in every kind of parameter, in the first layer and the last. */
const checked: [string, number][] = [
  ['embeddings.word_embeddings.weight', 9 * size + 3],
  ['embeddings.position_embeddings.weight', 2 * size + 1],
  ['embeddings.token_type_embeddings.weight', 4],
  ['embeddings.LayerNorm.weight', 2],
  ['embeddings.LayerNorm.bias', 5],
  ...[0, 1].flatMap((layer): [string, number][] => [
    [`encoder.layer.${layer}.attention.self.query.weight`, 10],
    [`encoder.layer.${layer}.attention.self.query.bias`, 1],
    [`encoder.layer.${layer}.attention.self.key.weight`, 22],
    [`encoder.layer.${layer}.attention.self.value.weight`, 35],
    [`encoder.layer.${layer}.attention.self.value.bias`, 6],
    [`encoder.layer.${layer}.attention.output.dense.weight`, 17],
    [`encoder.layer.${layer}.attention.output.LayerNorm.weight`, 0],
    [`encoder.layer.${layer}.intermediate.dense.weight`, 40],
    [`encoder.layer.${layer}.output.dense.bias`, 7],
    [`encoder.layer.${layer}.output.LayerNorm.bias`, 3],
  ]),
];

function plainLoss({ config, tensors }: TinyModel, pooling: 'cls' | 'mean'): number {
  return texts.reduce(
    (sum, ids, text) =>
      sum +
      plainEmbedding({ config, tensors }, ids, pooling).reduce((part, value, i) => part + share(text, i) * value, 0),
    0,
  );
}

function centralDifference(name: string, index: number, pooling: 'cls' | 'mean'): number {
  const moved = (by: number): number => {
    const { shape, values } = model.tensors.get(name)!;
    return plainLoss(
      {
        ...model,
        tensors: new Map(model.tensors).set(name, {
          shape,
          values: values.map((value, i) => (i === index ? value + by : value)),
        }),
      },
      pooling,
    );
  };
  return (moved(1e-4) - moved(-1e-4)) / 2e-4;
}

describe.each(testedDevices)('BERT against central differences on %s', (device) => {
  let held: Session;
  beforeAll(async () => {
    held = await holdDevice(device);
  });
  afterAll(() => held.dispose());

  test.each(['cls', 'mean'] as const)('pooled by %s', async (pooling) => {
    const { encoder, weights } = createEncoder(
      resolveConfiguration({ encoder: modelFolder(model), pooling, projection_dim: null }).encoder,
      { size: 30, padId: 0, specialIds: [], tokenWeights: () => new Float32Array() },
      1,
    );
    const graph = new Graph();
    const shapes = new Map(encoder.parameters.map(({ name, shape }) => [name, shape]));
    const parameter = (name: string) => graph.input(name, 'float32', shapes.get(name)!);
    const embeddings = encoder.build(graph, parameter);
    const loss = sumAll(multiply(embeddings, graph.input('shares', 'float32', ['texts', size])));
    const names = [...new Set(checked.map(([name]) => name))];
    const found = await evaluate(
      Object.fromEntries(
        gradients(loss, names.map(parameter)).map((gradient, i) => [`gradient.${names[i]}`, gradient]),
      ),
      {
        ...Object.fromEntries(
          encoder.parameters.map(({ name, shape }) => [name, float32(weights.get(name)!, [...shape])]),
        ),
        ...encoder.feed(texts.map((ids) => Int32Array.from(ids))),
        shares: float32(
          Float32Array.from({ length: texts.length * size }, (_, i) => share(Math.floor(i / size), i % size)),
          [texts.length, size],
        ),
      },
      device,
    );
    for (const [name, index] of checked) {
      const expected = centralDifference(name, index, pooling);
      expect(
        Math.abs(found[`gradient.${name}`]![index]! - expected),
        `${name}[${index}]: ${found[`gradient.${name}`]![index]} against ${expected}`,
      ).toBeLessThan(1e-5 + 1e-4 * Math.abs(expected));
    }
    // The places were not chosen where nothing happens.
    expect(
      checked.filter(([name, index]) => Math.abs(found[`gradient.${name}`]![index]!) > 1e-3).length,
    ).toBeGreaterThan(checked.length / 2);
  });
});
