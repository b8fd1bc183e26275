import { describe, expect, test } from 'vitest';
import { presetNames, readPreset } from '../../../../src/lab/experiments/presets.ts';
import { readAsOriginal, resolveConfiguration, type Configuration } from '../../../../src/shared/configuration.ts';
import { lossNames, strategiesOfLoss } from '../../../../src/shared/recipe.ts';

/** What every file of the original script names besides its recipe. */
const common = {
  data_path: 'data/ranked_qa.json',
  limit: 100,
  test_size: 0.02,
  seed: 42,
  embed_dim: 768,
  projection_dim: 128,
  batch_size: 16,
  epochs: 1,
  learning_rate: 2e-5,
  eval_steps: 50,
  eval_at_zero: true,
  debug: false,
  output_dir: 'models/flexible',
  log_to_wandb: false,
  dataset_strategy: 'flexible',
};

function read(file: Record<string, unknown>): Configuration {
  return resolveConfiguration(readAsOriginal(file, 'test.json').raw);
}

describe('files of the original', () => {
  test.each(presetNames)('%s, as a file of the original, trains distilbert-base-uncased', (name) => {
    const { encoder, training, split_method } = read({ ...common, ...readPreset(name) });
    expect(encoder).toMatchObject({
      kind: 'pretrained',
      source: 'hf:distilbert-base-uncased',
      embed_dim: 768,
      projection_dim: 128,
      max_length: 128,
    });
    expect(training).toMatchObject({ learning_rate: 2e-5, weight_decay: 0.01, schedule: 'constant' });
    expect(split_method).toBe('python');
  });

  test.each<Record<string, unknown>>([
    { embed_dim: 768, projection_dim: 128 },
    { embed_dim: 768, projection_dim: 64, learning_rate: 1e-4 },
    { log_to_wandb: false },
    { wandb_project: 'qa' },
    { use_fixed_evaluation: false },
    { debug_output: true },
    { projection_dim: 128, dataset_strategy: 'standard', log_to_wandb: true },
  ])('%j is one of them', (file) => {
    const { raw, notice } = readAsOriginal(file, 'test.json');
    expect(raw).toMatchObject({ ...file, encoder: 'hf:distilbert-base-uncased' });
    expect(notice).toMatch(/^test\.json is a configuration of the original script.*--encoder static/);
  });

  test('all their keys are accepted, and "standard" and false as well', () => {
    expect(() =>
      read({ ...common, dataset_strategy: 'standard', use_fixed_evaluation: false, debug_output: true }),
    ).not.toThrow();
  });

  test('a size that is not named is that of the original', () => {
    expect(read({ log_to_wandb: false }).encoder.projection_dim).toBe(128);
  });

  test.each([
    [{ loss_type: 'listwise', batch_transform: 'listwise' }, 0.1],
    [{ loss_type: 'listwise', batch_transform: 'listwise', temperature: 1 }, 1],
    [{ loss_type: 'infonce' }, 0.1],
  ])('temperature of %j', (recipe, temperature) => {
    expect(read({ ...common, ...recipe }).recipe.loss.parameters).toMatchObject({ temperature });
  });

  test.each([
    [{}, 'infonce', 'infonce'],
    [{ batch_transform: 'multiple_positives' }, 'infonce', 'multiple_positives'],
    [{ loss_type: 'rank_infonce' }, 'rank_infonce', 'infonce'],
    // Here the original fails.
    [{ batch_transform: 'triplet' }, 'triplet', 'triplet'],
    [{ loss_type: 'relaxed_hard_neg' }, 'relaxed_hard_neg', 'hard_negative'],
  ])('%j trains %s on %s', (named, loss, strategy) => {
    const { recipe } = read({ ...common, ...named });
    expect([recipe.loss.name, recipe.strategy.name]).toEqual([loss, strategy]);
  });

  test('an evaluation every 0 steps is none', () => {
    expect(read({ ...common, eval_steps: 0 }).training.eval_steps).toBeNull();
    expect(read(common).training.eval_steps).toBe(50);
  });
});

describe("LossLab's own files stay as they are", () => {
  test.each<Record<string, unknown>>([
    {},
    ...presetNames.map(readPreset),
    ...presetNames.map((name) => ({ ...readPreset(name), dataset_strategy: 'flexible' })),
    ...lossNames.map((loss) => ({ loss_type: loss, batch_transform: strategiesOfLoss[loss][0] })),
    { embed_dim: 768 },
    { embed_dim: 512, projection_dim: 128 },
    { ...common, encoder: 'static' },
    { ...common, encoder: './weights' },
  ])('%j', (file) => {
    expect(readAsOriginal(file, 'own.json')).toEqual({ raw: file, notice: null });
  });
});
