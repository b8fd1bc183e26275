import { describe, expect, test } from 'vitest';
import { presetNames, readPreset } from '../../../../src/lab/experiments/presets.ts';
import { configurationKeys, resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { LabError } from '../../../../src/shared/errors.ts';

/** Every key of the script that LossLab grew out of, with a value that it took and that has a meaning here. */
const originalKeys = {
  name: 'An experiment',
  data_path: 'data/ranked_qa.json',
  limit: 100,
  test_size: 0.2,
  seed: 42,
  force_regenerate: false,
  embed_dim: 768,
  projection_dim: 128,
  batch_size: 64,
  epochs: 5,
  learning_rate: 2e-5,
  checkpoint_interval: 1,
  eval_steps: 10,
  eval_at_zero: false,
  debug: false,
  output_dir: 'models',
  log_to_wandb: true,
  wandb_project: 'qa-embeddings-comparison',
  use_fixed_evaluation: true,
  dataset_strategy: 'flexible',
  batch_transform: 'multiple_positives',
  take_top: true,
  pos_count: 3,
  neg_strategy: 'hard_negative',
  max_answers: 5,
  loss_type: 'rank_infonce',
  temperature: 0.1,
  margin: 0.2,
  normalize: true,
  use_ranks: true,
  use_scores: false,
  rank_weight: 0.1,
  score_weight: 0.05,
  hard_negative_weight: 1,
};

describe('keys', () => {
  test('all of the original are there, and accepted together', () => {
    expect(Object.keys(originalKeys)).toHaveLength(34);
    expect(configurationKeys).toEqual(expect.arrayContaining(Object.keys(originalKeys)));
    const configuration = resolveConfiguration(originalKeys);
    expect(configuration).toMatchObject({
      name: 'An experiment',
      data_path: 'data/ranked_qa.json',
      limit: 100,
      output_dir: 'models',
    });
    expect(configuration.training).toMatchObject({
      batch_size: 64,
      epochs: 5,
      learning_rate: 2e-5,
      eval_steps: 10,
      eval_at_zero: false,
    });
    expect(configuration.notices).toEqual([expect.stringMatching(/^log_to_wandb: .*does not send/)]);
  });

  test.each([
    ['learing_rate', 'learning_rate'],
    ['batchsize', 'batch_size'],
    ['Temperature', 'temperature'],
    ['hard_neg_target', 'hard_neg_target_prob'],
  ])('%s: did you mean %s?', (key, meant) => {
    expect(refusal({ [key]: 1 })).toMatchObject({
      code: 'configuration',
      message: `"${key}" is not a configuration key.`,
      fix: `Did you mean "${meant}"?`,
    });
  });

  test('a value that is nested without end, which no message could show', () => {
    expect(refusal({ encoder: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown }).message).toContain(
      'nested too deeply',
    );
  });

  test('a key that is like no other gets no guess', () => {
    expect(refusal({ xyzzy: 1 }).fix).not.toContain('Did you mean');
  });

  test.each<[Record<string, unknown>, string]>([
    [{ batch_size: 1 }, 'batch_size: '],
    [{ test_size: 1 }, 'test_size: '],
    [{ epochs: 1.5 }, 'epochs: '],
    [{ epochs: '5' }, 'epochs: '],
    [{ learning_rate: 0 }, 'learning_rate: '],
    [{ max_minutes: 0 }, 'max_minutes: '],
    [{ temperature: 0 }, 'temperature: '],
    [{ hard_neg_target_prob: 1 }, 'hard_neg_target_prob: '],
    [{ device: 'tpu' }, 'device: '],
    [{ batch_transform: 'pairs' }, 'batch_transform: '],
    [{ dataset_strategy: 'other' }, 'dataset_strategy: '],
    [{ use_fixed_evaluation: 1 }, 'use_fixed_evaluation: '],
  ])('%j is refused, with what was found', (raw, beginning) => {
    const error = refusal(raw);
    const [[key, value]] = Object.entries(raw) as [[string, unknown]];
    expect(error.message.startsWith(beginning)).toBe(true);
    expect(error.message).toContain(`found ${JSON.stringify(value)}`);
    expect(error.fix).toContain(key);
  });

  test.each([null, 5, 'text', [1]])('%j is no configuration', (value) => {
    expect(refusal(value).message).toContain('A configuration is a JSON object');
  });
});

describe('defaults', () => {
  test('an empty configuration trains InfoNCE with the static encoder', () => {
    const { recipe, encoder, training, ...rest } = resolveConfiguration({});
    expect(recipe).toEqual({
      loss: { name: 'infonce', parameters: { temperature: 0.1 } },
      strategy: { name: 'infonce', parameters: { take_top: true } },
    });
    expect(encoder).toEqual({
      kind: 'static',
      folder: null,
      tokenizer: null,
      vocabulary_size: 8192,
      embed_dim: 1024,
      projection_dim: 1024,
      max_length: 512,
      n_layers: 0,
      n_heads: 0,
      hidden_dim: 0,
      pooling: 'mean',
      dropout: 0,
    });
    expect(training).toMatchObject({
      device: 'auto',
      batch_size: 64,
      epochs: 5,
      max_minutes: null,
      learning_rate: 0.001,
      schedule: 'constant',
      warmup_steps: 0,
      weight_decay: 0.01,
      max_gradient_norm: null,
      false_negatives: 'keep',
      checkpoint_interval: 1,
      eval_steps: null,
      eval_at_zero: true,
      freeze_embeddings: false,
      freeze_layers: 0,
      layer_decay: 1,
      warmup_ratio: 0,
      decay_bias_and_norm: true,
      gradient_cache_batch: null,
    });
    expect(rest).toEqual({
      name: 'infonce on infonce',
      data_path: null,
      limit: null,
      test_size: 0.2,
      seed: 42,
      split_seed: 42,
      split_method: 'losslab',
      force_regenerate: false,
      output_dir: null,
      notices: [],
    });
  });

  test.each([
    ['mini', { embed_dim: 128, projection_dim: 128, n_layers: 2, n_heads: 4, hidden_dim: 512, dropout: 0 }, 0.0005],
    [
      'distilbert',
      { embed_dim: 768, projection_dim: 128, n_layers: 6, n_heads: 12, hidden_dim: 3072, dropout: 0.1 },
      2e-5,
    ],
  ] as const)('%s brings its own sizes and learning rate', (kind, sizes, learning_rate) => {
    const { encoder, training } = resolveConfiguration({ encoder: kind });
    expect(encoder).toMatchObject({ ...sizes, max_length: 128, pooling: kind === 'mini' ? 'mean' : 'cls' });
    expect(training.learning_rate).toBe(learning_rate);
  });

  test('weights from files decide their sizes themselves', () => {
    const { encoder, training } = resolveConfiguration({ encoder: './weights' });
    expect(encoder).toEqual({
      kind: 'pretrained',
      source: './weights',
      folder: './weights',
      explicit: [],
      tokenizer: null,
      vocabulary_size: 8192,
      max_length: 128,
      dropout: 0.1,
    });
    expect(training.learning_rate).toBe(2e-5);
  });

  test('a projection can be left out, and follows the size of token vectors in a static encoder', () => {
    expect(resolveConfiguration({ embed_dim: 64 }).encoder.projection_dim).toBe(64);
    expect(resolveConfiguration({ embed_dim: 64, projection_dim: null }).encoder.projection_dim).toBeNull();
    expect(resolveConfiguration({ encoder: 'mini', projection_dim: null }).encoder.projection_dim).toBeNull();
  });

  test('a missing loss is chosen from the strategy, a missing strategy from the loss', () => {
    expect(resolveConfiguration({ batch_transform: 'hard_negative' }).recipe.loss.name).toBe('relaxed_hard_neg');
    expect(resolveConfiguration({ batch_transform: 'triplet', loss_type: null }).recipe.loss.name).toBe('triplet');
    expect(resolveConfiguration({ loss_type: 'mse' }).recipe.strategy.name).toBe('hard_negative');
  });

  test('debug limits data, batches and epochs, and raises nothing', () => {
    expect(resolveConfiguration({ debug: true })).toMatchObject({ limit: 50, training: { batch_size: 4, epochs: 2 } });
    expect(resolveConfiguration({ debug: true, limit: 500 }).limit).toBe(50);
    expect(resolveConfiguration({ debug: true, limit: 20, batch_size: 3, epochs: 1 })).toMatchObject({
      limit: 20,
      training: { batch_size: 3, epochs: 1 },
    });
  });
});

describe('parameters of the loss', () => {
  test('explicit keys win over the name, the name over defaults', () => {
    const { recipe } = resolveConfiguration({ loss_type: 'rank_infonce_rank0.3_t0.2', temperature: 0.5 });
    expect(recipe.loss.parameters).toEqual({
      temperature: 0.5,
      use_ranks: true,
      rank_weight: 0.3,
      use_scores: false,
      score_weight: 0.05,
    });
    expect(
      resolveConfiguration({ loss_type: 'relaxed_hard_neg_p0.2', hard_neg_target_prob: 0.4 }).recipe.loss.parameters,
    ).toMatchObject({ hard_neg_target_prob: 0.4 });
  });

  test('a parameter of a name is held to the same limits', () => {
    expect(refusal({ loss_type: 'relaxed_hard_neg_p1.5' }).message).toMatch(
      /^loss_type "relaxed_hard_neg_p1.5": hard_neg_target_prob: .*found 1\.5/,
    );
    expect(refusal({ loss_type: 'rank_infonce_t0' }).message).toMatch(/temperature: .*found 0/);
  });

  test('what was found is told as far as it is to be read, of any kind and wherever it stands', () => {
    expect(refusal({ temperature: 10n as unknown as number }).message).toContain('found "10".');
    expect(refusal({ device: 'x'.repeat(10_000) as 'cpu' }).message.length).toBeLessThan(1000);
    expect(refusal({ matryoshka_dimensions: [8, 'x' as unknown as number] }).message).toContain('found "x".');
  });

  test('hard_negative_weight is the target probability of relaxed_hard_neg, where it can be one', () => {
    const raw = { loss_type: 'relaxed_hard_neg', hard_negative_weight: 0.3 };
    expect(resolveConfiguration(raw).recipe.loss.parameters).toMatchObject({ hard_neg_target_prob: 0.3 });
    expect(resolveConfiguration({ ...raw, hard_neg_target_prob: 0.2 }).recipe.loss.parameters).toMatchObject({
      hard_neg_target_prob: 0.2,
    });
    expect(refusal({ ...raw, hard_negative_weight: 1 }).fix).toContain('hard_neg_target_prob');
  });
});

describe('combinations that mean nothing', () => {
  test.each<[Record<string, unknown>, string, string]>([
    [
      { loss_type: 'triplet', batch_transform: 'infonce' },
      'loss_type "triplet" does not support batch_transform "infonce"',
      'Set batch_transform to "triplet", or loss_type to',
    ],
    [{ n_layers: 2 }, 'n_layers 2 does not apply to encoder "static": it has no layers.', '"mini" or "distilbert"'],
    [{ pooling: 'cls' }, 'pooling "cls" does not apply', 'Remove pooling'],
    [{ dropout: 0.1 }, 'dropout', 'Remove dropout'],
    [{ encoder: 'mini', embed_dim: 130 }, 'embed_dim 130 is not a multiple of n_heads 4', 'n_heads'],
    [{ encoder: 'bert' }, 'encoder "bert" is not an encoder', 'static, mini, distilbert'],
  ])('%j', (raw, message, fix) => {
    const error = refusal(raw);
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });
});

/** The predefined experiments of the original: what each of them sets beside common defaults. */
const predefined: Record<(typeof presetNames)[number], unknown> = {
  infonce_standard: {
    name: 'InfoNCE Standard',
    recipe: {
      strategy: { name: 'infonce', parameters: { take_top: true } },
      loss: { name: 'infonce', parameters: { temperature: 0.1 } },
    },
  },
  infonce_random: {
    name: 'InfoNCE Random',
    recipe: {
      strategy: { name: 'infonce', parameters: { take_top: false } },
      loss: { name: 'infonce', parameters: { temperature: 0.1 } },
    },
  },
  multiple_positives_rank: {
    name: 'Multiple Positives with Ranks',
    recipe: {
      strategy: { name: 'multiple_positives', parameters: { pos_count: 3 } },
      loss: {
        name: 'rank_infonce',
        parameters: { temperature: 0.1, use_ranks: true, use_scores: false, rank_weight: 0.1, score_weight: 0.05 },
      },
    },
  },
  multiple_positives_score: {
    name: 'Multiple Positives with Scores',
    recipe: {
      strategy: { name: 'multiple_positives', parameters: { pos_count: 3 } },
      loss: {
        name: 'rank_infonce',
        parameters: { temperature: 0.1, use_ranks: false, use_scores: true, rank_weight: 0.1, score_weight: 0.05 },
      },
    },
  },
  hard_negative: {
    name: 'Relaxed Hard Negative InfoNCE',
    recipe: {
      strategy: { name: 'hard_negative', parameters: {} },
      loss: { name: 'relaxed_hard_neg', parameters: { temperature: 0.1, hard_neg_target_prob: 0.1 } },
    },
  },
  triplet_hard_neg: {
    name: 'Triplet with Hard Negatives',
    recipe: {
      strategy: { name: 'triplet', parameters: { neg_strategy: 'hard_negative' } },
      loss: { name: 'triplet', parameters: { margin: 0.2 } },
    },
  },
  listwise: {
    name: 'Listwise Ranking',
    recipe: {
      strategy: { name: 'listwise', parameters: { max_answers: 5 } },
      loss: { name: 'listwise', parameters: { temperature: 1 } },
    },
  },
};

test.each(presetNames)('preset %s is the predefined experiment', (preset) => {
  const { name, recipe, training, notices } = resolveConfiguration(readPreset(preset));
  expect({ name, recipe }).toEqual(predefined[preset]);
  expect(training).toMatchObject({ batch_size: 64, epochs: 5 });
  expect(notices).toEqual([]);
});

function refusal(raw: unknown): LabError {
  try {
    resolveConfiguration(raw);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(raw)} was accepted`);
}
