import { randomStream, type Random } from '../../src/lab/base/random.ts';
import { lossNames, strategiesOfLoss } from '../../src/shared/recipe.ts';

/** Configurations as people could write them, by number: for properties that hold for all. */

const words = [
  'plain',
  "it's",
  'two words',
  'a "quote"',
  '5',
  'true',
  '-x',
  'ä ß 漢',
  '$(touch x) `y`',
  'a;b|c&d',
  'new\nline',
  '=',
  '#',
];

export function randomWord(random: Random): string {
  return pick(random, words);
}

/** The keys of a recipe. */
export function randomRecipe(random: Random): Record<string, unknown> {
  const loss = pick(random, lossNames);
  return {
    loss_type: loss,
    batch_transform: pick(random, strategiesOfLoss[loss]),
    ...sometimes(random, {
      name: randomWord(random),
      temperature: 0.01 + random.next(),
      learn_temperature: random.next() < 0.5,
      matryoshka_dimensions: pick(random, [[8], [64, 32]]),
      margin: random.next(),
      normalize: random.next() < 0.5,
      use_ranks: random.next() < 0.5,
      rank_weight: random.next(),
      hard_neg_target_prob: random.next(),
      take_top: random.next() < 0.5,
      pos_count: 1 + random.integer(5),
      neg_strategy: pick(random, ['hard_negative', 'in_batch', 'mixed']),
      max_answers: 2 + random.integer(5),
    }),
  };
}

/** The keys that the recipes of an experiment have in common. */
export function randomShared(random: Random): Record<string, unknown> {
  const encoder = pick(random, ['static', 'mini', 'distilbert', './my weights']);
  return {
    encoder,
    ...sometimes(random, {
      ...(encoder !== 'static' && {
        n_layers: 1 + random.integer(4),
        pooling: pick(random, ['cls', 'mean']),
        dropout: random.next() / 2,
      }),
      embed_dim: 12 * (1 + random.integer(20)),
      projection_dim: 1 + random.integer(200),
      tokenizer: pick(random, [null, './tokenizer.json', "it's mine.json"]),
      max_length: 8 + random.integer(200),
      limit: pick(random, [null, 10 + random.integer(1000)]),
      test_size: 0.1 + random.next() / 2,
      device: pick(random, ['auto', 'cpu', 'webgpu']),
      batch_size: 2 + random.integer(100),
      epochs: 1 + random.integer(10),
      max_minutes: pick(random, [null, 0.5, 10]),
      learning_rate: 10 ** -random.integer(6),
      schedule: pick(random, ['constant', 'linear', 'cosine']),
      max_gradient_norm: pick(random, [null, 1]),
      warmup_ratio: pick(random, [0, 0.1]),
      decay_bias_and_norm: random.next() < 0.5,
      false_negatives: pick(random, ['keep', 'mask', 'avoid']),
      ...(encoder !== 'static' && {
        layer_decay: pick(random, [1, 0.9]),
        gradient_cache_batch: pick(random, [null, 32]),
      }),
      eval_steps: pick(random, [null, 10]),
      eval_at_zero: random.next() < 0.5,
      debug: random.next() < 0.2,
      output_dir: pick(random, [null, 'out put']),
      log_to_wandb: random.next() < 0.3,
    }),
  };
}

export function randomRaw(seed: number): Record<string, unknown> {
  const random = randomStream(seed, 'sample', 'configuration');
  return { ...randomShared(random), ...randomRecipe(random), seed: random.integer(1000) };
}

function sometimes(random: Random, keys: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).filter(() => random.next() < 0.4));
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}
