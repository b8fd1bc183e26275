import { valuesOf } from '../../shared/configuration/values.ts';
import type { Run } from '../../shared/history.ts';

/** Runs of one recipe, by seed. */
export interface RecipeGroup {
  /** With the code of its first run where several recipes share a name. */
  readonly name: string;
  readonly runs: readonly Run[];
}

/** Runs of one experiment that differ in nothing but their seed are one recipe: the rule for tables, charts and the verdict. */
export function groupBySeed(runs: readonly Run[]): RecipeGroup[] {
  const groups = [...Map.groupBy(runs, recipeKey).values()];
  const names = distinctNames(groups.map(([first]) => first!));
  return groups.map((group, i) => ({ name: names[i]!, runs: group.toSorted((a, b) => a.seed - b.seed) }));
}

/** Another split is another question: a run whose split follows its own seed is a recipe of its own. */
function recipeKey({ experiment, configuration }: Run): string {
  const { seed: _, ...rest } = valuesOf(configuration);
  return JSON.stringify([experiment, rest]);
}

function distinctNames(runs: readonly Run[]): string[] {
  const alone = (run: Run): boolean => runs.filter(({ name }) => name === run.name).length === 1;
  return runs.map((run) => (alone(run) ? run.name : `${run.name} (${run.id.split('-')[0]})`));
}
