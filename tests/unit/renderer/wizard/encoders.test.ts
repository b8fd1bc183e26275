import { describe, expect, test } from 'vitest';
import {
  encoderKindOf,
  resolveConfiguration,
  type EncoderName,
  type RawConfiguration,
} from '../../../../src/shared/configuration.ts';
import { parameterCount as countParameters, type Vocabulary } from '../../../../src/lab/encoders/encoder.ts';
import {
  encoderFacts,
  parameterCount,
  referenceProblem,
  storedInWords,
  withEncoder,
} from '../../../../src/renderer/features/wizard/model/encoders.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

const vocabulary: Vocabulary = { size: 300, padId: 0, specialIds: [0], tokenWeights: () => new Float32Array(300) };

describe('the number of parameters is that of the encoder itself', () => {
  const small = { vocabulary_size: 300, embed_dim: 24 } as const;
  test.each<RawConfiguration>([
    { encoder: 'static', ...small },
    { encoder: 'static', ...small, projection_dim: 10 },
    { encoder: 'mini', ...small, n_heads: 3, n_layers: 3, hidden_dim: 40, max_length: 32 },
    { encoder: 'distilbert', ...small, n_heads: 2, n_layers: 1, hidden_dim: 30, projection_dim: 7 },
  ])('%o', (configuration) => {
    const { encoder } = createEncoder(resolveConfiguration(configuration).encoder, vocabulary, 1);
    expect(parameterCount(configuration.encoder as EncoderName, configuration)).toBe(countParameters(encoder));
  });
});

test('what is not the name of an encoder stands for weights', () => {
  expect(encoderKindOf({})).toBe('static');
  expect(encoderKindOf({ encoder: './weights' })).toBe('pretrained');
  expect(encoderKindOf({ encoder: 'hf:bert-base-uncased' })).toBe('pretrained');
});

test('weights are named by a path or a repository', () => {
  expect(referenceProblem('./weights')).toBeNull();
  expect(referenceProblem('hf:bert-base-uncased@main')).toBeNull();
  expect(referenceProblem(' ')).toMatch(/^Name a folder/);
  expect(referenceProblem('weights')).toBe(
    '"weights" is not a path or a repository: write ./weights for a folder, or hf:weights for the Hub.',
  );
});

test('weights are described by what their files say, and what they do not say is left out', () => {
  const stored = {
    encoder: 'hf:a/b@0123456789',
    origin: 'hub',
    title: 'a/b',
    revision: '0123456789',
    architecture: 'bert',
    parameters: 22_700_000,
    bytes: 90_900_000,
    licence: null,
    problem: null,
  } as const;
  expect(storedInWords(stored)).toBe('bert · 22,700,000 parameters · 90.9 MB · revision 01234567');
  expect(storedInWords({ ...stored, architecture: null, parameters: null, revision: null })).toBe('90.9 MB');
  const facts = encoderFacts({
    encoder: './a',
    folder: '/a',
    architecture: 'bert',
    size: 384,
    layers: 6,
    heads: 12,
    innerSize: 1536,
    maxLength: 512,
    vocabularySize: 30_522,
    pooling: null,
    dimension: 384,
    parameters: 22_713_216,
    bytes: 90_868_376,
  });
  expect(Object.fromEntries(facts.map(({ title, text }) => [title, text]))).toMatchObject({
    Architecture: 'bert: 6 layers of 384 numbers, 12 heads, 1536 inside',
    Pooling: 'the model does not say',
    'Longest text': '512 tokens of 30,522',
  });
});

test('another encoder forgets the sizes of the one before, and nothing else', () => {
  const shared: RawConfiguration = { encoder: 'mini', n_layers: 4, learning_rate: 0.1, max_length: 64, epochs: 9 };
  expect(withEncoder(shared, 'static')).toEqual({ encoder: 'static', max_length: 64, epochs: 9 });
  expect(withEncoder(shared, 'mini')).toBe(shared);
  expect(withEncoder({}, 'static')).toEqual({});
});
