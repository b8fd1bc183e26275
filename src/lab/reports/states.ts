import type { ComparedRecipe, Comparison } from '../../shared/comparison.ts';

/** The states of a recipe's runs that are not finished, in words; empty where all are. */
export function statesOf({ runs: ids }: ComparedRecipe, { runs }: Pick<Comparison, 'runs'>): string {
  const unfinished = runs.filter(({ id, state }) => ids.includes(id) && state !== 'finished').map(({ state }) => state);
  const counts = [...Map.groupBy(unfinished, (state) => state)];
  return counts
    .map(([state, { length }]) => (ids.length === 1 ? state : `${length} of ${ids.length} ${state}`))
    .join(', ');
}
