import type { RawConfiguration } from '../../../src/shared/configuration.ts';

/**
 * A run of about a second that uses random numbers wherever possible: 120 steps, an evaluation after every fourth, a
 * checkpoint after every twelfth.
 */
export const killedRun = {
  loss_type: 'infonce',
  batch_transform: 'infonce',
  take_top: false,
  device: 'cpu',
  encoder: 'mini',
  n_layers: 1,
  embed_dim: 32,
  n_heads: 2,
  hidden_dim: 64,
  dropout: 0.1,
  batch_size: 8,
  epochs: 30,
  schedule: 'cosine',
  warmup_steps: 5,
  checkpoint_interval: 3,
} as const satisfies RawConfiguration;
