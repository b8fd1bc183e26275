import { expect, test } from 'vitest';
import { conditionsOf, differingCondition } from '../../../../src/shared/configuration/comparability.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration/resolve.ts';

const between = (first: object, other: object) =>
  differingCondition(resolveConfiguration(first), resolveConfiguration(other));

test.each<[string, object, object]>([
  ['data_path', { data_path: 'a.json' }, { data_path: 'b.json' }],
  ['split_seed', { seed: 1 }, { seed: 2 }],
  ['encoder', {}, { encoder: 'mini' }],
  ['max_length', {}, { max_length: 64 }],
  ['dropout', { encoder: 'mini' }, { encoder: 'mini', dropout: 0.1 }],
  ['batch_size', {}, { batch_size: 8 }],
  ['max_minutes', {}, { max_minutes: 3 }],
  ['false_negatives', {}, { false_negatives: 'mask' }],
])('the runs of one experiment share %s', (key, first, other) => {
  expect(between(first, other)).toBe(key);
});

test.each<[object, object]>([
  [
    { seed: 1, split_seed: 1 },
    { seed: 2, split_seed: 1 },
  ],
  [{ loss_type: 'infonce' }, { loss_type: 'triplet' }],
  [{}, { learning_rate: 0.1, schedule: 'cosine', max_gradient_norm: 1 }],
  [{}, { checkpoint_interval: 3, eval_steps: 4, output_dir: 'elsewhere' }],
  [{ encoder: './weights' }, { encoder: './weights', max_length: 128 }],
])('they may differ as %j and %j do', (first, other) => {
  expect(between(first, other)).toBeNull();
});

test('what a comparison depends on includes the budget of time and dropout', () => {
  const conditions = conditionsOf(resolveConfiguration({ encoder: 'mini', max_minutes: 3, dropout: 0.2 }), 'training');
  expect(conditions).toMatchObject({ max_minutes: 3, dropout: 0.2, epochs: 5, learning_rate: 0.0005 });
  expect(conditions).not.toHaveProperty('gradient_cache_batch');
});
