import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseModelConfig, supportedArchitectures } from '../../../../src/lab/encoders/modelConfig.ts';
import { readJsonFile } from '../../../../src/lab/encoders/modelFiles.ts';
import { openModelFolder } from '../../../../src/lab/encoders/modelFolder.ts';
import { describeEncoder } from '../../../../src/lab/encoders/pretrained.ts';
import { readSentenceModules, readTrainedLength } from '../../../../src/lab/encoders/sentenceTransformers.ts';
import {
  modelFolder,
  safetensorsFile,
  sentenceFiles,
  tinyBert,
  tinyDistilbert,
  type FileTensor,
} from '../../../helpers/tinyModels.ts';

/** The small files beside the weights. */

const bert = tinyBert();
const distilbert = tinyDistilbert();
const size = 8;
const refusal = (...parts: string[]) =>
  expect.objectContaining({
    name: 'LabError',
    code: 'encoder',
    message: expect.stringMatching(parts.map((part) => part.replace(/[[\]().+]/g, '\\$&')).join('.*')) as string,
  }) as Error;

describe('config.json', () => {
  test('the architectures that can be read', () => {
    expect(supportedArchitectures).toEqual(['bert', 'distilbert', 'losslab-mini']);
  });

  test('what it leaves out is as BERT has it', () => {
    const {
      hidden_act: _,
      layer_norm_eps: __,
      type_vocab_size: ___,
      position_embedding_type: ____,
      ...rest
    } = bert.config;
    expect(parseModelConfig(rest, 'config.json')).toMatchObject({
      architecture: 'bert',
      size,
      heads: 2,
      layers: 2,
      innerSize: 12,
      maxPositions: 16,
      vocabularySize: 30,
      own: null,
    });
    expect(
      parseModelConfig({ ...bert.config, is_decoder: false, use_cache: true, anything: ['else'] }, 'config.json'),
    ).toMatchObject({ architecture: 'bert' });
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'names no model_type'],
    ['a list', [], 'names no model_type'],
    ['a text', 'bert', 'names no model_type'],
    ['an architecture that is no text', { ...bert.config, model_type: 5 }, 'names no model_type'],
    [
      'another architecture',
      { ...bert.config, model_type: 'mpnet' },
      'the architecture "mpnet" is not supported; expected one of "bert", "distilbert", "losslab-mini"',
    ],
    [
      'the name of something that every object has',
      { ...bert.config, model_type: 'constructor' },
      'the architecture "constructor" is not supported',
    ],
    [
      'another activation',
      { ...bert.config, hidden_act: 'gelu_new' },
      'hidden_act: "gelu_new" is not supported; expected "gelu"',
    ],
    [
      'another activation of DistilBERT',
      { ...distilbert.config, activation: 'relu' },
      'activation: "relu" is not supported; expected "gelu"',
    ],
    [
      'relative positions',
      { ...bert.config, position_embedding_type: 'relative_key' },
      'position_embedding_type: "relative_key" is not supported; expected "absolute"',
    ],
    ['a decoder', { ...bert.config, is_decoder: true }, 'is_decoder: true is not supported; expected false'],
    [
      'heads that do not divide',
      { ...bert.config, num_attention_heads: 3 },
      'num_attention_heads: must divide hidden_size',
    ],
    ['a size that is a text', { ...bert.config, hidden_size: '8' }, 'hidden_size'],
    ['a size that is no whole number', { ...bert.config, intermediate_size: 12.5 }, 'intermediate_size'],
    ['a size below one', { ...bert.config, num_hidden_layers: 0 }, 'num_hidden_layers'],
    ['layers without end', { ...bert.config, num_hidden_layers: 1e9 }, 'num_hidden_layers'],
    ['no size', { ...bert.config, vocab_size: undefined }, 'vocab_size'],
    ['an epsilon below zero', { ...bert.config, layer_norm_eps: -1 }, 'layer_norm_eps'],
    ['a pooling of our own that there is not', { ...bert.config, losslab: { pooling: 'max' } }, 'losslab.pooling'],
  ])('%s', (_, config, message) => {
    expect(() => parseModelConfig(config, 'a/config.json')).toThrow(refusal('a/config.json', message));
  });

  test('a key that is there twice', () => {
    const folder = modelFolder(bert);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(bert.config).replace('{', '{"hidden_size":9,'));
    expect(() => openModelFolder(folder)).toThrow(refusal('config.json is not JSON', 'the key "hidden_size" twice'));
  });

  test('one that is no UTF-8', () => {
    const folder = modelFolder(bert);
    writeFileSync(join(folder, 'config.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(() => openModelFolder(folder)).toThrow(refusal('config.json is not JSON'));
  });
});

describe('the modules of sentence-transformers', () => {
  const dense = { type: 'Dense', path: '2_Dense' };
  const denseConfig = {
    in_features: size,
    out_features: 3,
    bias: true,
    activation_function: 'torch.nn.modules.linear.Identity',
  };
  const open = (files: Record<string, unknown>) => openModelFolder(modelFolder(bert, {}, files));

  test.each([
    ['pooling_mode_cls_token', 'cls'],
    ['pooling_mode_mean_tokens', 'mean'],
  ])('%s', (mode, pooling) => {
    expect(open(sentenceFiles(size, mode))).toMatchObject({
      pooling,
      projection: null,
      isSentenceEncoder: true,
      trainedLength: 12,
    });
  });

  test.each(['cls', 'mean'])('pooling "%s" by name, under the names that classes have since 5.4', (pooling) => {
    const modules = [
      { type: 'sentence_transformers.base.modules.transformer.Transformer', path: '' },
      { type: 'sentence_transformers.sentence_transformer.modules.pooling.Pooling', path: '1_Pooling' },
    ];
    expect(
      open({
        'modules.json': modules,
        '1_Pooling/config.json': { embedding_dimension: size, pooling_mode: pooling, include_prompt: true },
      }),
    ).toMatchObject({ pooling, trainedLength: null });
  });

  test('a folder without them says nothing', () => {
    expect(openModelFolder(modelFolder(bert))).toMatchObject({
      pooling: null,
      projection: null,
      isSentenceEncoder: false,
      trainedLength: null,
    });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    [
      'another pooling',
      sentenceFiles(size, 'pooling_mode_max_tokens'),
      ['1_Pooling/config.json', 'the pooling "pooling_mode_max_tokens" is not supported; expected "cls" or "mean"'],
    ],
    [
      'two poolings',
      {
        ...sentenceFiles(size, 'x'),
        '1_Pooling/config.json': {
          word_embedding_dimension: size,
          pooling_mode_cls_token: true,
          pooling_mode_mean_tokens: true,
        },
      },
      ['the pooling "cls" + "mean" is not supported'],
    ],
    [
      'no pooling',
      { ...sentenceFiles(size, 'x'), '1_Pooling/config.json': { word_embedding_dimension: size } },
      ['the pooling is not named'],
    ],
    [
      'a pooling by name that there is not',
      {
        ...sentenceFiles(size, 'x'),
        '1_Pooling/config.json': { embedding_dimension: size, pooling_mode: ['mean', 'max'] },
      },
      ['the pooling "mean" + "max" is not supported'],
    ],
    [
      'a pooling without a size',
      { ...sentenceFiles(size, 'x'), '1_Pooling/config.json': { pooling_mode: 'cls' } },
      ['word_embedding_dimension is missing; expected 8'],
    ],
    [
      'a pooling of another size by its new name',
      { ...sentenceFiles(size, 'x'), '1_Pooling/config.json': { embedding_dimension: 9, pooling_mode: 'cls' } },
      ['embedding_dimension is 9; expected 8'],
    ],
    [
      'a pooling of another size',
      sentenceFiles(9, 'pooling_mode_cls_token'),
      ['word_embedding_dimension is 9; expected 8'],
    ],
    [
      'a pooling that is missing',
      { 'modules.json': sentenceFiles(size, 'x')['modules.json'] },
      ['1_Pooling/config.json cannot be read: ENOENT'],
    ],
    [
      'another module',
      sentenceFiles(size, 'pooling_mode_cls_token', [{ type: 'LSTM', path: '2_LSTM' }]),
      ['the module LSTM is not supported after Pooling'],
    ],
    [
      'two linear layers',
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [dense, { type: 'Dense', path: '3_Dense' }]),
        '2_Dense/config.json': denseConfig,
      },
      ['the module Dense is not supported after Dense'],
    ],
    [
      'another beginning',
      { 'modules.json': [{ type: 'sentence_transformers.models.CLIPModel', path: '' }] },
      ['begins with CLIPModel; expected Transformer, Pooling'],
    ],
    [
      'a transformer elsewhere',
      {
        'modules.json': [
          { type: 'models.Transformer', path: '0_Transformer' },
          { type: 'models.Pooling', path: '1_Pooling' },
        ],
      },
      ['is in the folder "0_Transformer"'],
    ],
    [
      'a folder outside',
      {
        'modules.json': [
          { type: 'models.Transformer', path: '' },
          { type: 'models.Pooling', path: '../1_Pooling' },
        ],
      },
      ['"../1_Pooling" is not the name of a folder beside it'],
    ],
    [
      'a layer that bends',
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [dense]),
        '2_Dense/config.json': { ...denseConfig, activation_function: 'torch.nn.modules.activation.Tanh' },
      },
      ['2_Dense/config.json', 'the activation Tanh is not supported; expected Identity'],
    ],
    [
      'a layer of another size',
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [dense]),
        '2_Dense/config.json': { ...denseConfig, in_features: 7 },
      },
      ['in_features is 7; expected 8'],
    ],
    [
      'a layer without a bias',
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [dense]),
        '2_Dense/config.json': { ...denseConfig, bias: false },
      },
      ['2_Dense/config.json: bias: a layer without a bias is not supported'],
    ],
    [
      'a layer without weights',
      { ...sentenceFiles(size, 'pooling_mode_cls_token', [dense]), '2_Dense/config.json': denseConfig },
      ['2_Dense/model.safetensors cannot be read: ENOENT'],
    ],
    ['a list of texts', { 'modules.json': ['Transformer'] }, ['modules.json: 0']],
    [
      'a length that is none',
      { ...sentenceFiles(size, 'pooling_mode_cls_token'), 'sentence_bert_config.json': { max_seq_length: 'long' } },
      ['sentence_bert_config.json: max_seq_length'],
    ],
  ])('%s is refused', (_, files, message) => {
    expect(() => open(files)).toThrow(refusal(...message));
  });

  test.each<[string, [string, FileTensor][], string]>([
    [
      'without its weight',
      [['linear.bias', { dtype: 'F32', shape: [3], values: [1, 2, 3] }]],
      'has no tensor "linear.weight" with the shape [3, 8]',
    ],
    [
      'without its bias',
      [['linear.weight', { dtype: 'F32', shape: [3, 8], values: new Array<number>(24).fill(1) }]],
      'has no tensor "linear.bias" with the shape [3]',
    ],
    [
      'of another shape',
      [['linear.weight', { dtype: 'F32', shape: [8, 3], values: new Array<number>(24).fill(1) }]],
      '"linear.weight" has the shape [8, 3]; expected [3, 8]',
    ],
  ])('a linear layer %s is refused', (_, tensors, message) => {
    const folder = modelFolder(
      bert,
      {},
      {
        ...sentenceFiles(size, 'pooling_mode_cls_token', [dense]),
        '2_Dense/config.json': denseConfig,
        '2_Dense/model.safetensors': safetensorsFile(tensors),
      },
    );
    expect(() => describeEncoder(folder)).toThrow(refusal('2_Dense/model.safetensors', message));
  });
});

const real = resolve('../shared/data/tok-all-MiniLM-L6-v2');
test.skipIf(!existsSync(real))(`the files of a published MiniLM (skipped where ${real} is absent)`, () => {
  expect(parseModelConfig(readJsonFile(join(real, 'config.json')), 'config.json')).toMatchObject({
    architecture: 'bert',
    size: 384,
    layers: 6,
    heads: 12,
    innerSize: 1536,
    maxPositions: 512,
    vocabularySize: 30_522,
  });
  expect(readSentenceModules(real, 384)).toEqual({ pooling: 'mean', dense: null });
  expect(readTrainedLength(real)).toBe(256);
});
