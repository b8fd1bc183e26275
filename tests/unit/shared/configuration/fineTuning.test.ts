import { describe, expect, test } from 'vitest';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';

const tuned = {
  freeze_embeddings: true,
  freeze_layers: 2,
  layer_decay: 0.9,
  warmup_ratio: 0.1,
  decay_bias_and_norm: false,
  gradient_cache_batch: 32,
};

test('weights from files take every key', () => {
  expect(resolveConfiguration({ encoder: './weights', ...tuned }).training).toMatchObject(tuned);
  expect(resolveConfiguration({ encoder: 'hf:org/name', ...tuned }).training).toMatchObject(tuned);
});

test('what is not given is as PyTorch has it', () => {
  expect(resolveConfiguration({}).training).toMatchObject({
    freeze_embeddings: false,
    freeze_layers: 0,
    layer_decay: 1,
    warmup_ratio: 0,
    decay_bias_and_norm: true,
    gradient_cache_batch: null,
  });
});

describe('values out of range are refused by name', () => {
  test.each([
    ['freeze_layers', -1],
    ['freeze_layers', 1.5],
    ['layer_decay', 0],
    ['layer_decay', 1.01],
    ['warmup_ratio', 1],
    ['warmup_ratio', -0.1],
    ['gradient_cache_batch', 0],
    ['freeze_embeddings', 'yes'],
    ['decay_bias_and_norm', 1],
  ])('%s: %s', (key, value) => {
    expect(() => resolveConfiguration({ encoder: './weights', [key]: value })).toThrow(
      new RegExp(`^${key}: .*found ${JSON.stringify(value)}`),
    );
  });
});

describe('keys that contradict each other or mean nothing', () => {
  const cases: [RawConfiguration, RegExp, RegExp][] = [
    [{ warmup_steps: 10, warmup_ratio: 0.1 }, /warmup_steps 10 and warmup_ratio 0\.1 both set/, /one of them/],
    [
      { encoder: 'static', layer_decay: 0.9 },
      /layer_decay 0\.9 does not apply to encoder "static": it has no layers/,
      /Remove layer_decay/,
    ],
    [
      { encoder: 'static', gradient_cache_batch: 8 },
      /gradient_cache_batch 8 does not apply to encoder "static"/,
      /Remove gradient_cache_batch/,
    ],
    [
      { encoder: 'static', freeze_embeddings: true },
      /freeze_embeddings true does not apply to encoder "static": its weights start at random/,
      /a folder, or hf:repository/,
    ],
    [
      { encoder: 'mini', freeze_layers: 1 },
      /freeze_layers 1 does not apply to encoder "mini": its weights start at random/,
      /Remove freeze_layers/,
    ],
    [
      { encoder: 'distilbert', freeze_embeddings: true, freeze_layers: 2 },
      /encoder "distilbert": its weights start at random/,
      /Remove freeze_embeddings/,
    ],
  ];

  test.each(cases)('%j', (raw, message, fix) => {
    expect(() => resolveConfiguration(raw)).toThrow(
      expect.objectContaining({
        name: 'LabError',
        code: 'configuration',
        message: expect.stringMatching(message) as string,
        fix: expect.stringMatching(fix) as string,
      }),
    );
  });

  test.each<RawConfiguration>([
    { warmup_steps: 0, warmup_ratio: 0.1 },
    { warmup_steps: 10, warmup_ratio: 0 },
    {
      encoder: 'static',
      layer_decay: 1,
      gradient_cache_batch: null,
      freeze_layers: 0,
      freeze_embeddings: false,
      decay_bias_and_norm: false,
    },
    { encoder: 'mini', layer_decay: 0.9, gradient_cache_batch: 16 },
  ])('%j is taken: a key that says what is so anyway does no harm', (raw) => {
    expect(() => resolveConfiguration(raw)).not.toThrow();
  });
});
