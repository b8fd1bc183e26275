import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { Baseline, ComparedEvaluation, ComparedRun, Comparison } from '../../../../src/shared/comparison.ts';
import type { Evaluation } from '../../../../src/shared/history.ts';
import type { MetricName } from '../../../../src/shared/metrics.ts';

export const untrained: Baseline = { name: 'untrained', runs: ['a', 'b'], metrics: { 'mrr@10': 0.4 } };

export function evaluation(step: number, mrr: number, training_seconds = step / 10): ComparedEvaluation {
  return { step, epoch: 0, seconds: 1, training_seconds, metrics: { 'mrr@10': mrr }, compute: { seconds: training_seconds, documents: 128 * step, tokens: 4000 * step } };
}

/** A finished run whose `mrr@10` took these values at steps 10, 20, … */
export function comparedRun(id: string, mrr: readonly number[], raw: RawConfiguration = { loss_type: 'infonce' }, more: Partial<ComparedRun> = {}): ComparedRun {
  const configuration = resolveConfiguration({ name: id, ...raw });
  const trained = mrr.map((value, index) => evaluation(10 * (index + 1), value));
  const best = trained.reduce<Evaluation | null>((found, each) => (found && found.metrics['mrr@10']! >= each.metrics['mrr@10']! ? found : each), null);
  const name: MetricName = 'mrr@10';
  return {
    id, name: id, experiment: 'e', dataset: 'sample', configuration, recipe: configuration.recipe, seed: configuration.seed, state: 'finished', failure: null, device: 'cpu',
    parameters: 1000, training_seconds: trained.length, peak_memory_bytes: 1024, steps_done: 10 * trained.length, steps_per_epoch: 5, baseline: untrained,
    best: best ? { [name]: { value: best.metrics[name]!, step: best.step } } : {},
    last: trained.at(-1)?.metrics ?? {},
    evaluations: [evaluation(0, 0.4), ...trained],
    hashes: null, texts_per_step: null, negatives_per_question: null,
    ...more,
  };
}

export function comparison(runs: readonly ComparedRun[]): Comparison {
  return { metrics: ['mrr@10'], baselines: [untrained], runs, recipes: [], untrained: [], warnings: [] };
}
