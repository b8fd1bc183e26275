import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportFormats } from '../../../../../src/lab/export/encoders/registry.ts';
import { readTokenizer } from '../../../../../src/lab/text/huggingFaceTokenizer.ts';
import type { FinishedEncoder } from '../../../../../src/lab/encoders/encoderFolder.ts';
import { hiddenStates, type TransformerConfig } from '../../../../helpers/plainTransformer.ts';
import { encodeWithFolder, readTensors } from '../../../../helpers/sentenceTransformersFolder.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import {
  embeddingsOf,
  largestDifference,
  paddedBatch,
  runOnnx,
  tinyConfigurations,
  tinyFinished,
  tinyFinishedBert,
} from '../../../../helpers/tinyEncoders.ts';

/** Folders for other programs, read back by independent means. */

/** Short and long (more than 16 tokens), with words that the vocabulary does not have, and empty. */
const texts = [
  'Why does the kernel shrink?',
  'It will overfit when the scale of the prior is off.',
  'A gradient ẞ☃ vanishes',
  'sample '.repeat(40),
  '☃ ☃',
  '',
];

function exported(
  format: keyof typeof exportFormats,
  name: string,
  finished: FinishedEncoder = tinyFinished(tinyConfigurations[name]!),
): { folder: string; finished: FinishedEncoder } {
  const folder = temporaryFolder();
  exportFormats[format].write(folder, finished);
  return { folder, finished };
}

const idsOf = ({ tokenizer, maxLength }: FinishedEncoder) =>
  texts.map((text) => [...tokenizer.encode(text, maxLength)]);
const json = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(...path), 'utf8')) as Record<string, unknown>;

describe('sentence-transformers', () => {
  test.each(['static', 'distilbert, mean', 'distilbert, cls'])(
    '%s: what its modules compute is what the lab computes',
    async (name) => {
      const { folder, finished } = exported('sentence-transformers', name);
      const expected = await embeddingsOf(finished.encoder, finished.weights, idsOf(finished));
      expect(largestDifference(encodeWithFolder(folder, texts), expected)).toBeLessThan(1e-5);
    },
  );

  test.each(['mean', 'cls'] as const)('bert, %s: the same', async (pooling) => {
    const { folder, finished } = exported('sentence-transformers', 'bert', tinyFinishedBert(pooling));
    const expected = await embeddingsOf(finished.encoder, finished.weights, idsOf(finished));
    expect(largestDifference(encodeWithFolder(folder, texts), expected)).toBeLessThan(1e-5);
  });

  test('names the modules in order, a layer between pooling and normalising where there is a projection', () => {
    const { folder } = exported('sentence-transformers', 'distilbert, mean');
    expect(json(folder, 'modules.json')).toEqual([
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
      { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' },
      { idx: 3, name: '3', path: '3_Normalize', type: 'sentence_transformers.models.Normalize' },
    ]);
    expect(existsSync(join(folder, '3_Normalize'))).toBe(true);
  });

  test('without a projection there is no such layer', async () => {
    const { folder, finished } = exported(
      'sentence-transformers',
      '',
      tinyFinished({ ...tinyConfigurations['distilbert, mean'], projection_dim: null }),
    );
    expect(existsSync(join(folder, '2_Dense'))).toBe(false);
    expect(
      largestDifference(
        encodeWithFolder(folder, texts),
        await embeddingsOf(finished.encoder, finished.weights, idsOf(finished)),
      ),
    ).toBeLessThan(1e-5);
  });
});

describe('safetensors', () => {
  test('weights under names that transformers knows, the projection beside them', async () => {
    const { folder, finished } = exported('safetensors', 'distilbert, cls');
    const tensor = readTensors(join(folder, 'model.safetensors'));
    const config = json(folder, 'config.json') as TransformerConfig;
    const found = idsOf(finished).map((ids) => {
      const [first] = hiddenStates(config, tensor, ids);
      const projected = tensor('projection.weight').map((row, i) =>
        row.reduce((sum, value, j) => sum + value * first![j]!, tensor('projection.bias')[0]![i]!),
      );
      const length = Math.hypot(...projected);
      return projected.map((value) => value / length);
    });
    expect(
      largestDifference(found, await embeddingsOf(finished.encoder, finished.weights, idsOf(finished))),
    ).toBeLessThan(1e-5);
    expect(config).toMatchObject({ model_type: 'distilbert', architectures: ['DistilBertModel'], dim: 8, n_layers: 2 });
  });
});

test('onnx: the file in its folder gives the embeddings for the ids of the tokenizer beside it', async () => {
  const { folder, finished } = exported('onnx', 'static');
  const tokenizer = readTokenizer(join(folder, 'tokenizer.json'));
  const ids = texts.map((text) => [...tokenizer.encode(text, finished.maxLength)]);
  const { embeddings } = runOnnx(join(folder, 'model.onnx'), [paddedBatch(ids, { padding: tokenizer.padId })]);
  expect(
    largestDifference(embeddings[0]!, await embeddingsOf(finished.encoder, finished.weights, idsOf(finished))),
  ).toBeLessThan(1e-5);
});

describe('the tokenizer of an export', () => {
  test('gives the ids that the encoder was trained with, and cuts texts where training did', () => {
    const { folder, finished } = exported('safetensors', 'distilbert, mean');
    const read = readTokenizer(join(folder, 'tokenizer.json'));
    for (const text of texts)
      expect([...read.encode(text, 16)], text).toEqual([...finished.tokenizer.encode(text, 16)]);
    expect(json(folder, 'tokenizer.json')).toMatchObject({
      truncation: { max_length: 16 },
      padding: { pad_token: '[PAD]' },
    });
  });

  test('names its special tokens, and lists its vocabulary by id', () => {
    const { folder, finished } = exported('safetensors', 'distilbert, mean');
    const special = { cls_token: '[CLS]', sep_token: '[SEP]', unk_token: '[UNK]', pad_token: '[PAD]' };
    expect(json(folder, 'special_tokens_map.json')).toMatchObject(special);
    expect(json(folder, 'tokenizer_config.json')).toMatchObject({
      ...special,
      tokenizer_class: 'PreTrainedTokenizerFast',
      model_max_length: 16,
      model_input_names: ['input_ids', 'attention_mask'],
    });
    const lines = readFileSync(join(folder, 'vocab.txt'), 'utf8').trimEnd().split('\n');
    expect(lines).toEqual(
      Array.from({ length: finished.tokenizer.vocabularySize }, (_, id) => finished.tokenizer.token(id)),
    );
  });
});

describe('what other programs have no place for is refused', () => {
  const refusal = (format: keyof typeof exportFormats, name: string) =>
    exportFormats[format].refusal(tinyFinished(tinyConfigurations[name]!).encoder);

  test.each([
    ['safetensors', 'mini, mean', 'not have the architecture "mini"'],
    ['safetensors', 'static', 'sentence-transformers has'],
    ['sentence-transformers', 'mini, cls', 'not have the architecture "mini"'],
    ['sentence-transformers', 'static with a projection', 'includes unknown tokens'],
  ] as const)('%s of %s', (format, name, reason) => {
    expect(refusal(format, name)).toContain(reason);
  });

  test.each(Object.keys(tinyConfigurations))('never onnx: %s', (name) => {
    expect(refusal('onnx', name)).toBeNull();
  });
});
