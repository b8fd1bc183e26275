import { describe, expect, test } from 'vitest';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import { parameterCount as countParameters } from '../../../../src/lab/encoders/encoder.ts';
import { createEncoder, type Vocabulary } from '../../../../src/lab/encoders/registry.ts';
import { encoderChoiceOf, encoderKindOf, parameterCount, withEncoder, withFolder } from '../../../../src/renderer/features/wizard/model/encoders.ts';

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
    expect(parameterCount(configuration)).toBe(countParameters(encoder));
  });

  test('a folder decides its own', () => {
    expect(parameterCount({ encoder: './weights' })).toBeNull();
  });
});

test('what is not the name of an encoder is a folder, with the defaults of DistilBERT', () => {
  expect(encoderChoiceOf({})).toBe('static');
  expect(encoderChoiceOf({ encoder: '' })).toBe('folder');
  expect(encoderKindOf({ encoder: './weights' })).toBe('distilbert');
});

test('another encoder forgets the sizes of the one before, and nothing else', () => {
  const shared: RawConfiguration = { encoder: 'mini', n_layers: 4, learning_rate: 0.1, max_length: 64, epochs: 9 };
  expect(withEncoder(shared, 'static')).toEqual({ encoder: 'static', max_length: 64, epochs: 9 });
  expect(withEncoder(shared, 'mini')).toBe(shared);
  expect(withEncoder({}, 'static')).toEqual({});
  expect(withFolder({ encoder: '', dropout: 0.2 }, './weights')).toEqual({ encoder: './weights', dropout: 0.2 });
});
