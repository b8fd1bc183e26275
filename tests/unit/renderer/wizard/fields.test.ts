import { describe, expect, test } from 'vitest';
import { configurationKeys, resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { patientSeconds, readSeeds, seedsFor } from '../../../../src/renderer/features/wizard/model/seeds.ts';
import { encoderSettings, fineTuningSettings } from '../../../../src/renderer/features/wizard/model/encoderSettings.ts';
import {
  dataSettings,
  evaluationSettings,
  lengthSettings,
  numberProblem,
  optimiserSettings,
  rangeInWords,
  type NumberField,
} from '../../../../src/renderer/features/wizard/model/settings.ts';

describe('settings', () => {
  const shared = [
    {},
    { encoder: 'mini' },
    { encoder: 'distilbert' },
    { encoder: './weights' },
    { encoder: 'hf:a/b' },
    { max_minutes: 3 },
  ];
  const all = shared.flatMap((configuration) => [
    ...dataSettings,
    ...encoderSettings(configuration),
    ...fineTuningSettings(configuration),
    ...lengthSettings(configuration, 100),
    ...optimiserSettings(configuration),
    ...evaluationSettings,
  ]);

  test('are keys of a configuration, and their defaults are accepted', () => {
    for (const { key } of all) expect(configurationKeys).toContain(key);
    for (const configuration of shared) {
      const settings = [
        ...encoderSettings(configuration),
        ...fineTuningSettings(configuration),
        ...optimiserSettings(configuration),
      ];
      const defaults = Object.fromEntries(settings.map((setting) => [setting.key, setting.default]));
      expect(() => resolveConfiguration({ ...configuration, ...defaults })).not.toThrow();
    }
  });

  test('refuse what the schema refuses at the edges of their ranges', () => {
    const number = (key: string) => all.find((setting) => setting.key === key) as NumberField;
    for (const [key, value] of [
      ['test_size', 1],
      ['dropout', 1],
      ['learning_rate', 0],
      ['max_length', 8193],
      ['vocabulary_size', 199],
      ['batch_size', 1],
      ['epochs', 0.5],
      ['warmup_steps', -1],
      ['max_minutes', 0],
      ['layer_decay', 0],
      ['warmup_ratio', 1],
      ['freeze_layers', -1],
      ['gradient_cache_batch', 0],
    ] as const) {
      expect(numberProblem(number(key), value)).not.toBeNull();
      expect(() => resolveConfiguration({ encoder: 'mini', [key]: value })).toThrow(key);
    }
    expect(rangeInWords(number('test_size'))).toBe('more than 0, less than 1');
    expect(rangeInWords(number('max_length'))).toBe('8 to 8192');
    expect(rangeInWords(number('epochs'))).toBe('1 or more');
  });
});

test('weights from files bound what they can be told', () => {
  const description = {
    encoder: './a',
    folder: '/a',
    architecture: 'bert',
    size: 384,
    layers: 6,
    heads: 12,
    innerSize: 1536,
    maxLength: 64,
    vocabularySize: 30_522,
    pooling: 'mean',
    dimension: 384,
    parameters: 1,
    bytes: 4,
  } as const;
  const settings = encoderSettings({ encoder: './a' }, description);
  expect(settings.find(({ key }) => key === 'max_length')).toMatchObject({ maximum: 64, default: 64 });
  expect(settings.find(({ key }) => key === 'pooling')).toMatchObject({ default: 'mean' });
  expect(settings.map(({ key }) => key)).not.toContain('n_layers');
  expect(fineTuningSettings({ encoder: './a' }, description).find(({ key }) => key === 'freeze_layers')).toMatchObject({
    maximum: 6,
  });
  expect(fineTuningSettings({ encoder: 'mini' }).map(({ key }) => key)).toEqual(['layer_decay']);
});

test('three seeds are suggested, but one where three would take too long', () => {
  expect(seedsFor(null)).toEqual([42, 43, 44]);
  expect(seedsFor(patientSeconds / 3)).toEqual([42, 43, 44]);
  expect(seedsFor(patientSeconds / 3 + 1)).toEqual([42]);
});

test('seeds are numbers between commas or spaces', () => {
  expect(readSeeds('1, 2 3;4')).toEqual({ seeds: [1, 2, 3, 4] });
  expect(readSeeds('')).toEqual({ problem: 'Enter at least one seed.' });
  expect(readSeeds('1, two')).toEqual({ problem: 'Expected whole numbers from 0; found "two".' });
  expect(readSeeds('1 1')).toMatchObject({ problem: expect.stringMatching(/appears twice/) as string });
  expect(readSeeds(Array.from({ length: 21 }, (_, i) => i).join(' '))).toMatchObject({
    problem: 'At most 20 seeds; found 21.',
  });
});
