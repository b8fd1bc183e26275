import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parameterCount, type UntrainedEncoder } from '../../../../src/lab/encoders/encoder.ts';
import { decideEncoder, describeEncoder } from '../../../../src/lab/encoders/pretrained.ts';
import {
  resolveConfiguration,
  type EncoderConfiguration,
  type RawConfiguration,
} from '../../../../src/shared/configuration.ts';
import { embeddingsOf } from '../../../helpers/tinyEncoders.ts';
import {
  modelFolder,
  plainEmbedding,
  safetensorsFile,
  sentenceFiles,
  tinyBert,
  tinyDistilbert,
  tinyMiniLm,
  writeFiles,
  type StorageForm,
  type TinyModel,
  type TinyTensor,
} from '../../../helpers/tinyModels.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

/** Encoders from files, held against an independent forward pass over plain lists of numbers. */

const vocabulary = { size: 30, padId: 0, specialIds: [], tokenWeights: () => new Float32Array() };
const texts = [
  [2, 9, 3],
  [2, 3],
  [2, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 3],
  [2, 29, 28, 27, 9, 9, 9, 3],
  [2, 9, 3],
];

const decided = (raw: RawConfiguration): EncoderConfiguration => decideEncoder(resolveConfiguration(raw).encoder);
const create = (raw: RawConfiguration): UntrainedEncoder =>
  createEncoder(resolveConfiguration(raw).encoder, vocabulary, 1);

async function expectPlain(
  raw: RawConfiguration,
  model: TinyModel,
  pooling: 'cls' | 'mean',
  dense?: { weight: TinyTensor; bias: TinyTensor },
): Promise<void> {
  const { encoder, weights } = create(raw);
  const found = await embeddingsOf(encoder, weights, texts);
  texts.forEach((ids, text) => {
    const expected = plainEmbedding(model, ids, pooling, dense);
    expect(found[text]).toHaveLength(expected.length);
    expected.forEach((value, i) =>
      expect(Math.abs(found[text]![i]! - value), `text ${text}, number ${i}`).toBeLessThan(1e-5),
    );
  });
}

describe.each([
  ['BERT', tinyBert],
  ['MiniLM', tinyMiniLm],
  ['DistilBERT', tinyDistilbert],
] as const)('a tiny %s', (_, make) => {
  test.each(['cls', 'mean'] as const)(
    'gives the embeddings of the plain forward pass, pooled by %s',
    async (pooling) => {
      const model = make();
      await expectPlain({ encoder: modelFolder(model), pooling, projection_dim: null }, model, pooling);
    },
  );
});

describe('however it is stored', () => {
  const model = tinyBert();
  test.each<[string, StorageForm]>([
    ['with the prefix of a larger BERT', { prefix: 'bert.' }],
    ['with the prefix of a wrapper', { prefix: 'model.' }],
    ['with gamma and beta', { oldNames: true }],
    ['in float16', { dtype: 'F16' }],
    ['in bfloat16', { dtype: 'BF16' }],
    ['in float64', { dtype: 'F64' }],
    ['among tensors that it does not use', { more: true }],
    ['in one part with an index', { shards: 1 }],
    ['in three parts with an index', { shards: 3 }],
    ['as all of that', { prefix: 'bert.', oldNames: true, dtype: 'F16', more: true, shards: 4 }],
  ])('%s', async (_, form) => {
    await expectPlain({ encoder: modelFolder(model, form), projection_dim: null }, model, 'cls');
  });

  test('under its own epsilon of layer normalisation', async () => {
    const other: TinyModel = { ...model, config: { ...model.config, layer_norm_eps: 0.1 } };
    await expectPlain({ encoder: modelFolder(other), projection_dim: null }, other, 'cls');
  });

  test('with more positions than a text may have, and one token type', async () => {
    const types = model.tensors.get('embeddings.token_type_embeddings.weight')!;
    const tensors = new Map(model.tensors).set('embeddings.token_type_embeddings.weight', {
      shape: [1, 8],
      values: types.values.slice(0, 8),
    });
    const other = { config: { ...model.config, type_vocab_size: 1 }, tensors };
    await expectPlain({ encoder: modelFolder(other), projection_dim: null, max_length: 8 }, other, 'cls');
  });
});

describe('pooling and projection', () => {
  const model = tinyBert();
  const size = 8;

  test('are those of the model itself', async () => {
    const folder = modelFolder(
      model,
      {},
      sentenceFiles(size, 'pooling_mode_mean_tokens', [{ type: 'Normalize', path: '2_Normalize' }]),
    );
    expect(decided({ encoder: folder })).toMatchObject({ pooling: 'mean', projection_dim: null, max_length: 12 });
    await expectPlain({ encoder: folder }, model, 'mean');
  });

  test('unless the configuration names others', async () => {
    const folder = modelFolder(model, {}, sentenceFiles(size, 'pooling_mode_mean_tokens'));
    expect(decided({ encoder: folder, pooling: 'cls', projection_dim: 3, max_length: 16 })).toMatchObject({
      pooling: 'cls',
      projection_dim: 3,
      max_length: 16,
    });
    await expectPlain({ encoder: folder, pooling: 'cls' }, model, 'cls');
  });

  test('a linear layer behind pooling is the projection', async () => {
    const weight: TinyTensor = {
      shape: [3, size],
      values: Array.from({ length: 3 * size }, (_, i) => ((i * 7) % 11) / 8 - 0.5),
    };
    const bias: TinyTensor = { shape: [3], values: [0.25, -0.5, 0.125] };
    const folder = modelFolder(
      model,
      {},
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [
          { type: 'Dense', path: '2_Dense' },
          { type: 'Normalize', path: '3_Normalize' },
        ]),
        '2_Dense/config.json': {
          in_features: size,
          out_features: 3,
          bias: true,
          activation_function: 'torch.nn.modules.linear.Identity',
        },
        '2_Dense/model.safetensors': safetensorsFile([
          ['linear.weight', { ...weight, dtype: 'F32' }],
          ['linear.bias', { ...bias, dtype: 'F32' }],
        ]),
      },
    );
    expect(decided({ encoder: folder })).toMatchObject({ pooling: 'cls', projection_dim: 3 });
    await expectPlain({ encoder: folder }, model, 'cls', { weight, bias });
    await expectPlain({ encoder: folder, projection_dim: null }, model, 'cls');
    expect(() => decided({ encoder: folder, projection_dim: 4 })).toThrow('projection_dim is 4, but the encoder in');
  });

  test('a plain model gets a projection to 128 that begins at random, from the seed', () => {
    const folder = modelFolder(model);
    expect(decided({ encoder: folder })).toMatchObject({
      pooling: 'cls',
      projection_dim: 128,
      embed_dim: size,
      n_layers: 2,
      n_heads: 2,
      hidden_dim: 12,
    });
    const { encoder, weights } = create({ encoder: folder });
    expect(encoder.dimension).toBe(128);
    expect(create({ encoder: folder }).weights).toEqual(weights);
    expect(
      createEncoder(resolveConfiguration({ encoder: folder }).encoder, vocabulary, 2).weights.get('projection.weight'),
    ).not.toEqual(weights.get('projection.weight'));
  });

  test('what was decided once stays, and decides the same encoder', () => {
    const folder = modelFolder(model, {}, sentenceFiles(size, 'pooling_mode_mean_tokens'));
    const once = decided({ encoder: folder });
    expect(decideEncoder(once)).toEqual(once);
    rmSync(join(folder, 'modules.json'));
    expect(decideEncoder(once)).toEqual(once);
  });
});

describe('what only the files know', () => {
  test('texts are as long as the default says, unless the model is shorter; as a configuration says up to its positions', () => {
    const withPositions = (positions: number): string => {
      const { config, tensors } = tinyBert();
      const table = { shape: [positions, 8], values: new Array<number>(positions * 8).fill(0.5) };
      return modelFolder({
        config: { ...config, max_position_embeddings: positions },
        tensors: new Map(tensors).set('embeddings.position_embeddings.weight', table),
      });
    };
    expect(decided({ encoder: withPositions(600) }).max_length).toBe(128);
    expect(decided({ encoder: withPositions(600), max_length: 600 }).max_length).toBe(600);
    expect(decided({ encoder: withPositions(20) }).max_length).toBe(20);
    expect(() => decided({ encoder: withPositions(20), max_length: 21 })).toThrow(
      'max_length 21 is more than the 20 positions',
    );
  });

  test('a description comes from small files and headers alone', () => {
    const model = tinyBert();
    const folder = modelFolder(
      model,
      { prefix: 'bert.', more: true, shards: 2 },
      sentenceFiles(8, 'pooling_mode_mean_tokens'),
    );
    const found = describeEncoder(folder, 'hf:a/b');
    const parameters = [...model.tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
    expect(found).toMatchObject({
      encoder: 'hf:a/b',
      folder,
      architecture: 'bert',
      size: 8,
      layers: 2,
      heads: 2,
      innerSize: 12,
      maxLength: 16,
      vocabularySize: 30,
      pooling: 'mean',
      dimension: 8,
      parameters,
    });
    expect(found.bytes).toBeGreaterThan(4 * parameters);
    expect(parameterCount(create({ encoder: folder }).encoder)).toBe(parameters);
  });

  test('a finished run of the encoder mini can be trained further', () => {
    const { encoder, weights } = createEncoder(
      resolveConfiguration({
        encoder: 'mini',
        embed_dim: 8,
        n_heads: 2,
        hidden_dim: 12,
        projection_dim: 5,
        max_length: 16,
        pooling: 'cls',
      }).encoder,
      vocabulary,
      3,
    );
    const folder = modelFolder(tinyBert());
    writeFiles(folder, {
      'config.json': encoder.config,
      'model.safetensors': safetensorsFile(
        encoder.parameters.map(({ name, shape }) => [name, { shape, values: [...weights.get(name)!], dtype: 'F32' }]),
      ),
    });
    const again = create({ encoder: folder });
    expect(again.encoder.config).toMatchObject({
      model_type: 'losslab-mini',
      losslab: { pooling: 'cls', projection_dim: 5 },
    });
    expect(again.weights).toEqual(weights);
  });
});
