import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encoderOfModel, openModelFolder, storedParameters } from '../../../../src/lab/encoders/modelFolder.ts';
import { Graph } from '../../../../src/lab/graph/graph.ts';
import { float32 } from '../../../../src/lab/graph/hostTensor.ts';
import { readFolderTokenizer } from '../../../../src/lab/text/folderTokenizer.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { evaluate } from '../../../helpers/graph.ts';
import { hiddenStates, type Matrix } from '../../../helpers/plainTransformer.ts';
import { embeddingsOf } from '../../../helpers/tinyEncoders.ts';
import { modelFolder, rowsOf, tinyBert, tinyDistilbert } from '../../../helpers/tinyModels.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

/**
 * Published figures of real models. Their weights are not in the repository: set LOSSLAB_WEIGHTS to
 * a folder that holds folders of models by the last part of their names, as bert-base-uncased.
 */

interface Published {
  readonly hiddenStates: readonly {
    model: string;
    ids: number[];
    mask: number[];
    tokens: number[];
    dimensions: number[];
    expected: number[][];
    tolerance: number;
  }[];
  readonly embeddings: readonly { model: string; text: string; firstNumbers: number[]; tolerance: number }[];
}

const published = JSON.parse(readFileSync('tests/fixtures/published/encoders.json', 'utf8')) as Published;
const weights = process.env.LOSSLAB_WEIGHTS;
const folderOf = (model: string): string => join(weights ?? '', model.split('/').at(-1)!);
const isThere = (model: string): boolean => weights !== undefined && existsSync(folderOf(model));

/**
 * Some numbers of the last layer's states, one row a token. An encoder gives unit vectors: a projection
 * to those numbers and a constant 1 keeps their size.
 */
async function statesOf(
  folder: string,
  ids: readonly number[],
  mask: readonly number[],
  tokens: readonly number[],
  dimensions: readonly number[],
): Promise<number[][]> {
  const model = openModelFolder(folder);
  const { size } = model.config;
  const rows = dimensions.length + 1;
  const encoder = encoderOfModel(model, { pooling: 'mean', projection: rows, padId: 0, dropout: 0 });
  const stored = storedParameters(model, encoder);
  const projection: Record<string, Float32Array> = {
    'projection.weight': Float32Array.from({ length: rows * size }, (_, i) =>
      Number(dimensions[Math.floor(i / size)] === i % size),
    ),
    'projection.bias': Float32Array.from({ length: rows }, (_, i) => Number(i === dimensions.length)),
  };
  const graph = new Graph();
  const shapes = new Map(encoder.parameters.map(({ name, shape }) => [name, shape]));
  const output = encoder.build(graph, (name) => graph.input(name, 'float32', shapes.get(name)!));
  const copies = tokens.map(() => Int32Array.from(ids));
  const { embeddings } = await evaluate(
    { embeddings: output },
    {
      ...Object.fromEntries(
        encoder.parameters.map(({ name, shape }) => [
          name,
          float32(stored.get(name)?.read() ?? projection[name]!, [...shape]),
        ]),
      ),
      ...encoder.feed(copies),
      padding: float32(Float32Array.from(copies.flatMap(() => mask.map((seen) => (seen ? 0 : -1e9)))), [
        copies.length,
        1,
        1,
        ids.length,
      ]),
      token_shares: float32(Float32Array.from(tokens.flatMap((token) => ids.map((_, i) => Number(i === token)))), [
        copies.length,
        1,
        ids.length,
      ]),
    },
  );
  return tokens.map((_, text) =>
    dimensions.map((_dimension, i) => embeddings![text * rows + i]! / embeddings![text * rows + dimensions.length]!),
  );
}

function expectClose(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  tolerance: number,
): void {
  expected.forEach((row, i) =>
    row.forEach((value, j) =>
      expect(Math.abs(found[i]![j]! - value), `[${i}, ${j}]: ${found[i]![j]} against ${value}`).toBeLessThan(tolerance),
    ),
  );
}

describe('the states that are compared are those of the last layer', () => {
  test.each([
    ['BERT', tinyBert],
    ['DistilBERT', tinyDistilbert],
  ] as const)('of a tiny %s', async (_, make) => {
    const model = make();
    const ids = [5, 9, 3, 7, 2];
    const states: Matrix = hiddenStates(model.config, (name) => rowsOf(model.tensors.get(name)!), ids);
    expectClose(
      await statesOf(modelFolder(model), ids, [1, 1, 1, 1, 1], [0, 2, 4], [1, 3, 6]),
      [0, 2, 4].map((token) => [1, 3, 6].map((dimension) => states[token]![dimension]!)),
      1e-5,
    );
  });
});

describe.each(published.hiddenStates)('$model', ({ model, ids, mask, tokens, dimensions, expected, tolerance }) => {
  test.skipIf(!isThere(model))(
    `hidden states of ${ids.length} tokens (needs ${model} in LOSSLAB_WEIGHTS)`,
    async () => {
      expectClose(await statesOf(folderOf(model), ids, mask, tokens, dimensions), expected, tolerance);
    },
  );
});

describe.each(published.embeddings)('$model', ({ model, text, firstNumbers, tolerance }) => {
  test.skipIf(!isThere(model))(`embedding of "${text}" (needs ${model} in LOSSLAB_WEIGHTS)`, async () => {
    const folder = folderOf(model);
    const tokenizer = readFolderTokenizer(folder);
    const { encoder, weights: values } = createEncoder(
      resolveConfiguration({ encoder: folder }).encoder,
      {
        size: tokenizer.vocabularySize,
        padId: tokenizer.padId,
        specialIds: [],
        tokenWeights: () => new Float32Array(),
      },
      1,
    );
    expectClose(await embeddingsOf(encoder, values, [[...tokenizer.encode(text, 128)]]), [firstNumbers], tolerance);
  });
});
