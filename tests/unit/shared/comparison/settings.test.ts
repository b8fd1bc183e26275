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
    differingSettings([settings({ loss_type: 'infonce', seed: 1 }), settings({ loss_type: 'infonce', seed: 2 })]),
  ).toEqual(['seed']);
});

test('a parameter that both have is named where it differs', () => {
  expect(
    differingSettings([
      settings({ loss_type: 'infonce', temperature: 0.1 }),
      settings({ loss_type: 'infonce', temperature: 0.2, learning_rate: 0.5 }),
    ]),
  ).toEqual(['loss.temperature', 'training.learning_rate']);
});

test('a parameter that only one loss has is not said to differ', () => {
  expect(differingSettings([settings({ loss_type: 'infonce' }), settings({ loss_type: 'triplet' })])).toEqual([
    'loss',
    'strategy',
  ]);
});

test('in words', () => {
  expect(settingTitle('loss.hard_neg_target_prob')).toBe('Loss: hard neg target prob');
  expect([true, null, undefined, 0.1, 0.1 + 0.05, 2e-5].map(formatSetting)).toEqual([
    'yes',
    'none',
    '–',
    '0.1',
    '0.15',
    '0.00002',
  ]);
});
