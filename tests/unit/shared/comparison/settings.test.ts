import { expect, test } from 'vitest';
import {
  differingSettings,
  formatSetting,
  settingsOf,
  settingTitle,
} from '../../../../src/shared/comparison/settings.ts';
import { comparedRun } from './helpers.ts';

const settings = (raw: object) => settingsOf(comparedRun('x', [0.5], raw));

test('runs of one recipe with two seeds differ in the seed alone', () => {
  expect(
    differingSettings([
      settings({ loss_type: 'infonce', seed: 1, split_seed: 1 }),
      settings({ loss_type: 'infonce', seed: 2, split_seed: 1 }),
    ]),
  ).toEqual(['seed']);
});

test('lists are compared by what they hold', () => {
  const cut = (...matryoshka_dimensions: number[]) => settings({ matryoshka_dimensions });
  expect(differingSettings([cut(64, 32), cut(64, 32)])).toEqual([]);
  expect(differingSettings([cut(64, 32), cut(64)])).toEqual(['loss.matryoshka_dimensions']);
});

test('what means nothing to the encoder, and where files are, is not shown', () => {
  const shown = Object.keys(settings({ data_path: 'a.json', output_dir: 'out' }));
  expect(shown).toEqual(
    expect.arrayContaining(['dataset', 'encoder', 'max_length', 'max_minutes', 'loss.temperature']),
  );
  for (const key of ['data_path', 'output_dir', 'name', 'n_layers', 'dropout']) expect(shown).not.toContain(key);
});

test('a parameter that both have is named where it differs', () => {
  expect(
    differingSettings([
      settings({ loss_type: 'infonce', temperature: 0.1 }),
      settings({ loss_type: 'infonce', temperature: 0.2, learning_rate: 0.5 }),
    ]),
  ).toEqual(['loss.temperature', 'learning_rate']);
});

test('a parameter that only one loss has is not said to differ', () => {
  expect(differingSettings([settings({ loss_type: 'infonce' }), settings({ loss_type: 'triplet' })])).toEqual([
    'loss',
    'strategy',
  ]);
});

test('in words', () => {
  expect(settingTitle('loss.hard_neg_target_prob')).toBe('Share for other answers');
  expect([true, null, undefined, 0.1, 0.1 + 0.05, 2e-5, [64, 32]].map(formatSetting)).toEqual([
    'yes',
    'none',
    '–',
    '0.1',
    '0.15',
    '0.00002',
    '64, 32',
  ]);
});
