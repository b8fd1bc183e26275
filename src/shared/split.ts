import type { Configuration } from './configuration.ts';

/** Parts of a run's questions that its encoder can be evaluated on. */
export const evaluatedSplits = ['validation', 'test'] as const;
export type EvaluatedSplit = (typeof evaluatedSplits)[number];

/** Seeds the split of a run's questions. A run from before there was `split_seed` is split by its seed. */
export function splitSeed({ seed, split_seed }: Pick<Configuration, 'seed' | 'split_seed'>): number {
  return split_seed ?? seed;
}
