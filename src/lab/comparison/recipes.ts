import type { ComparedEvaluation, ComparedRecipe, ComparedRun, RecipeEvaluation } from '../../shared/comparison.ts';
import { verdictMetric } from '../../shared/comparison.ts';
import type { Compute } from '../../shared/compute.ts';
import type { Run } from '../../shared/history.ts';
import { spreadOf, type Spread } from '../../shared/spread.ts';
import { groupBySeed } from './recipeGroups.ts';
import { spreadsOf } from '../../shared/metricSpreads.ts';

/** The recipes of compared runs, each with its seeds as one. */
export function compareRecipes(runs: readonly Run[], compared: readonly ComparedRun[]): ComparedRecipe[] {
  const byId = new Map(compared.map((run) => [run.id, run]));
  return groupBySeed(runs)
    .map(({ name, runs: group }, place) =>
      compareRecipe(
        name,
        place,
        group.map(({ id }) => byId.get(id)!),
      ),
    )
    .sort((a, b) => rank(b) - rank(a));
}

function compareRecipe(name: string, place: number, runs: readonly ComparedRun[]): ComparedRecipe {
  const over = (of: (run: ComparedRun) => number | null): Spread | null => spreadOf(runs.map((run) => of(run) ?? NaN));
  return {
    name,
    place,
    runs: runs.map(({ id }) => id),
    seeds: runs.map(({ seed }) => seed),
    best: spreadsOf(
      runs.map(({ best }) => Object.fromEntries(Object.entries(best).map(([metric, { value }]) => [metric, value]))),
    ),
    last: spreadsOf(runs.map(({ last }) => last)),
    training_seconds: over(({ training_seconds, device }) => (device ? training_seconds : null)),
    texts_per_step: over(({ texts_per_step }) => texts_per_step),
    negatives_per_question: over(({ negatives_per_question }) => negatives_per_question),
    evaluations: mergeEvaluations(runs.map(({ evaluations }) => evaluations)),
  };
}

/** At every step at which any run was evaluated: runs that stopped earlier are not in the later means. */
function mergeEvaluations(ofRuns: readonly (readonly ComparedEvaluation[])[]): RecipeEvaluation[] {
  const bySteps = [...Map.groupBy(ofRuns.flat(), ({ step }) => step)].sort(([a], [b]) => a - b);
  return bySteps.map(([step, evaluations]) => ({
    step,
    epoch: evaluations[0]!.epoch,
    compute: meanCompute(evaluations.map(({ compute }) => compute)),
    metrics: spreadsOf(evaluations.map(({ metrics }) => metrics)),
  }));
}

function meanCompute(spent: readonly Compute[]): Compute {
  const mean = (unit: keyof Compute): number => spent.reduce((sum, each) => sum + each[unit], 0) / spent.length;
  return { seconds: mean('seconds'), documents: mean('documents'), tokens: mean('tokens') };
}

function rank({ last }: ComparedRecipe): number {
  return last[verdictMetric]?.mean ?? -1;
}
