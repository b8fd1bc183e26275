import { expect, test } from 'vitest';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { strategiesOfLoss } from '../../../../src/shared/recipe.ts';
import {
  copyOf,
  freeName,
  lossOf,
  newRecipe,
  presetRecipes,
  recipeParameters,
  resolveRecipe,
  withLossAndStrategy,
} from '../../../../src/renderer/features/wizard/model/recipes.ts';
import { catalogue, own } from './helpers.ts';

test('presets keep what makes a recipe, and resolve to the same as their files', () => {
  const presets = presetRecipes(catalogue);
  expect(presets).toHaveLength(7);
  for (const [index, { configuration }] of presets.entries()) {
    expect(configuration).not.toHaveProperty('dataset_strategy');
    expect(resolveRecipe(configuration)).toEqual(resolveConfiguration(catalogue.presets[index]!.configuration).recipe);
  }
});

test('a new recipe of any loss is sound, on the strategy the loss is meant for', () => {
  for (const loss of catalogue.losses) {
    expect(resolveRecipe(newRecipe(loss, { loss_type: loss.name }, 'own 1', []).configuration)).toMatchObject({
      loss: { name: loss.name },
      strategy: { name: strategiesOfLoss[loss.name][0] },
    });
  }
});

test('names stay apart', () => {
  expect(freeName('Triplet', [])).toBe('Triplet');
  expect(freeName('Triplet', ['Triplet', 'Triplet 2'])).toBe('Triplet 3');
  expect(copyOf(own({ name: 'Triplet 2' }), 'own 9', ['Triplet', 'Triplet 2']).configuration.name).toBe('Triplet 3');
});

test('another loss drops what it does not know and keeps what it does', () => {
  const before = {
    name: 'mine',
    loss_type: 'rank_infonce',
    batch_transform: 'multiple_positives',
    pos_count: 5,
    rank_weight: 0.3,
    temperature: 0.07,
  } as const;
  expect(withLossAndStrategy(catalogue, before, 'infonce', 'infonce')).toEqual({
    name: 'mine',
    loss_type: 'infonce',
    batch_transform: 'infonce',
    temperature: 0.07,
  });
  expect(withLossAndStrategy(catalogue, before, 'infonce', 'multiple_positives')).toMatchObject({
    pos_count: 5,
    temperature: 0.07,
  });
});

test('parameters in words tell what is not the default', () => {
  const words = recipeParameters(catalogue, resolveRecipe({ loss_type: 'infonce', take_top: false }));
  expect(words.map(({ title, value, changed }) => [title, value, changed])).toEqual([
    ['Temperature', '0.1', false],
    ['Learn the temperature', 'no', false],
    ['Matryoshka lengths', 'none', false],
    ['Always the best answer', 'no', true],
  ]);
  expect(
    recipeParameters(catalogue, resolveRecipe({ matryoshka_dimensions: [64, 32] })).filter(({ changed }) => changed),
  ).toEqual([{ title: 'Matryoshka lengths', value: '64, 32', changed: true }]);
});

test('every loss of the catalogue can be found by name', () => {
  for (const { name } of catalogue.losses) expect(lossOf(catalogue, name).name).toBe(name);
});
