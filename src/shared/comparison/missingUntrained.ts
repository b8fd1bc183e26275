import type { Comparison } from '../comparison.ts';

/** Why a comparison has no figures of the untrained encoder, as a sentence; null if it has some. */
export function whyUntrainedIsMissing({ baselines, runs }: Pick<Comparison, 'baselines' | 'runs'>): string | null {
  if (baselines.length > 0) return null;
  if (!runs.some(({ configuration }) => configuration.training.eval_at_zero))
    return 'The untrained encoder was not evaluated (eval_at_zero is off).';
  const state = runs.every(({ state }) => state === 'queued') ? 'has been started' : 'reached its first evaluation';
  return `The untrained encoder was not evaluated: no run ${state}.`;
}
