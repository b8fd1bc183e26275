import type { Random } from '../../../src/lab/base/random.ts';
import type { RawConfiguration } from '../../../src/shared/configuration.ts';
import { pick, randomRecipe } from '../../../tests/helpers/randomConfigurations.ts';

/** A run of one or two seconds with any loss, strategy, encoder and training settings. */
export function randomRun(random: Random): RawConfiguration {
  const encoder = pick(random, ['static', 'mini', 'distilbert'] as const);
  const transformer =
    encoder === 'static'
      ? {}
      : {
          n_layers: 1 + random.integer(2),
          n_heads: 2,
          hidden_dim: 32,
          pooling: pick(random, ['cls', 'mean'] as const),
          dropout: pick(random, [0, 0.1, 0.3]),
          layer_decay: pick(random, [1, 0.9]),
          gradient_cache_batch: pick(random, [null, 8]),
        };
  const { matryoshka_dimensions, ...recipe } = randomRecipe(random);
  return {
    ...recipe,
    // The random lengths of the recipe can be for larger encoders.
    ...(matryoshka_dimensions !== undefined && { matryoshka_dimensions: [16, 8] }),
    encoder,
    embed_dim: 32,
    projection_dim: pick(random, [16, 32]),
    ...transformer,
    device: 'cpu',
    seed: random.integer(1000),
    batch_size: 4 + random.integer(8),
    epochs: 3 + random.integer(6),
    learning_rate: pick(random, [1e-3, 1e-4]),
    schedule: pick(random, ['constant', 'linear', 'cosine'] as const),
    warmup_ratio: pick(random, [0, 0.2]),
    max_gradient_norm: pick(random, [null, 1]),
    false_negatives: pick(random, ['keep', 'mask', 'avoid'] as const),
    decay_bias_and_norm: pick(random, [true, false]),
    eval_steps: pick(random, [null, 3]),
    checkpoint_interval: 1 + random.integer(2),
  };
}
