import { describe, expect, test } from 'vitest';
import { presetNames, readPreset } from '../../../../src/lab/experiments/presets.ts';
import {
  configurationKeys,
  recipeKeys,
  resolveConfiguration,
  toRawConfiguration,
} from '../../../../src/shared/configuration.ts';
import { lossNames, strategiesOfLoss } from '../../../../src/shared/recipe.ts';
import { randomRaw } from '../../../helpers/randomConfigurations.ts';

const named: [string, Record<string, unknown>][] = [
  ['nothing', {}],
  ...presetNames.map((name): [string, Record<string, unknown>] => [name, readPreset(name)]),
  ...lossNames.flatMap((loss) =>
    strategiesOfLoss[loss].map((strategy): [string, Record<string, unknown>] => [
      `${loss} on ${strategy}`,
      { loss_type: loss, batch_transform: strategy },
    ]),
  ),
  ['parameters in a name', { loss_type: 'rank_infonce_score0.3_t0.2' }],
  ['debug', { debug: true, batch_size: 3 }],
  ['a folder of weights, with a size', { encoder: './weights', n_layers: 6, max_length: 64 }],
  ['sizes that are the defaults, written down', { encoder: 'mini', embed_dim: 128, n_layers: 2 }],
  ['keys of the original', { data_path: 'x.json', output_dir: 'models', log_to_wandb: true, force_regenerate: true }],
];

test.each(named)('%s: the raw configuration of a decided one decides the same', (_, raw) => {
  const decided = resolveConfiguration(raw);
  expect(resolveConfiguration(toRawConfiguration(decided))).toEqual(decided);
});

test('so does that of any other', () => {
  for (let seed = 0; seed < 300; seed++) {
    const decided = resolveConfiguration(randomRaw(seed));
    expect(resolveConfiguration(toRawConfiguration(decided))).toEqual(decided);
  }
});

describe('what is written', () => {
  test('names, and what is not a default', () => {
    expect(
      toRawConfiguration(resolveConfiguration({ loss_type: 'triplet', margin: 0.5, epochs: 5, batch_size: 32 })),
    ).toEqual({
      name: 'triplet on triplet',
      encoder: 'static',
      loss_type: 'triplet',
      batch_transform: 'triplet',
      margin: 0.5,
      batch_size: 32,
    });
  });

  test('only keys that there are', () => {
    for (let seed = 0; seed < 50; seed++)
      for (const key of Object.keys(toRawConfiguration(resolveConfiguration(randomRaw(seed)))))
        expect(configurationKeys).toContain(key);
    for (const key of recipeKeys) expect(configurationKeys).toContain(key);
  });
});
