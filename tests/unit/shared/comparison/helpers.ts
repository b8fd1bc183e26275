import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type {
  Baseline,
  ComparedEvaluation,
  ComparedRecipe,
  ComparedRun,
  Comparison,
} from '../../../../src/shared/comparison.ts';
import type { MetricName } from '../../../../src/shared/metrics.ts';
import { spreadOf } from '../../../../src/shared/spread.ts';

export const untrained: Baseline = { name: 'untrained', runs: ['a', 'b'], metrics: { 'mrr@10': 0.4 } };

export function evaluation(step: number, mrr: number, training_seconds = step / 10): ComparedEvaluation {
  return {
    step,
    epoch: 0,
    seconds: 1,
    training_seconds,
    metrics: { 'mrr@10': mrr },
    compute: { seconds: training_seconds, documents: 16 * step, tokens: 1000 * step },
  };
}

/** A finished run whose `mrr@10` took these values at steps 10, 20, … */
export function comparedRun(
  id: string,
  mrr: readonly number[],
  raw: RawConfiguration = { loss_type: 'infonce' },
  more: Partial<ComparedRun> = {},
): ComparedRun {
  const configuration = resolveConfiguration({ name: id, ...raw });
  const trained = mrr.map((value, index) => evaluation(10 * (index + 1), value));
  const best = trained.reduce<ComparedEvaluation | null>(
    (found, each) => (found && found.metrics['mrr@10']! >= each.metrics['mrr@10']! ? found : each),
    null,
  );
  const name: MetricName = 'mrr@10';
  return {
    id,
    name: id,
    experiment: 'e',
    dataset: 'sample',
    configuration,
    recipe: configuration.recipe,
    seed: configuration.seed,
    state: 'finished',
    failure: null,
    device: 'cpu',
    parameters: 1000,
    training_seconds: trained.length,
    peak_memory_bytes: 1024,
    steps_done: 10 * trained.length,
    steps_per_epoch: 5,
    baseline: untrained,
    best: best ? { [name]: { value: best.metrics[name]!, step: best.step } } : {},
    last: trained.at(-1)?.metrics ?? {},
    evaluations: [evaluation(0, 0.4), ...trained],
    hashes: {
      dataset: 'd'.repeat(64),
      split: 's'.repeat(64),
      plan: `plan ${configuration.seed}`,
      weights: `weights ${configuration.seed}`,
      tokenizer: 't'.repeat(64),
    },
    texts_per_step: 32,
    negatives_per_question: 15,
    ...more,
  };
}

/** Runs of the same recipe are its seeds. */
export function comparison(runs: readonly ComparedRun[]): Comparison {
  const groups = [...Map.groupBy(runs, ({ recipe }) => JSON.stringify(recipe)).values()];
  const metrics = { 'mrr@10': spreadOf([0.4])! };
  return {
    metrics: ['mrr@10'],
    baselines: [untrained],
    untrained: [{ name: 'untrained', runs: runs.map(({ id }) => id), seeds: [42], metrics }],
    runs,
    recipes: groups.map(comparedRecipe),
    warnings: [],
    notes: [],
  };
}

function comparedRecipe(runs: readonly ComparedRun[], place: number): ComparedRecipe {
  const over = (of: (run: ComparedRun) => number | undefined) => spreadOf(runs.map((run) => of(run) ?? NaN));
  const evaluations = Map.groupBy(
    runs.flatMap((run) => run.evaluations),
    ({ step }) => step,
  );
  const [last, best] = [over((run) => run.last['mrr@10']), over((run) => run.best['mrr@10']?.value)];
  return {
    place,
    name: runs[0]!.recipe.loss.name,
    runs: runs.map(({ id }) => id),
    seeds: runs.map(({ seed }) => seed),
    best: best ? { 'mrr@10': best } : {},
    last: last ? { 'mrr@10': last } : {},
    training_seconds: over((run) => run.training_seconds),
    texts_per_step: over((run) => run.texts_per_step ?? undefined),
    negatives_per_question: over((run) => run.negatives_per_question ?? undefined),
    evaluations: [...evaluations].map(([step, each]) => ({
      step,
      epoch: 0,
      compute: each[0]!.compute,
      metrics: { 'mrr@10': spreadOf(each.map(({ metrics: values }) => values['mrr@10']!))! },
    })),
  };
}
