import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { ComparedRecipe } from './compareGradients.ts';

/** Runs whose gradients can be compared: one for each recipe, of one experiment and one seed. */
export interface RunsOfRecipes {
  readonly first: Run;
  readonly recipes: readonly ComparedRecipe[];
}

/**
 * Chooses one run of each recipe, with the seed that most of them have (the first of equally frequent ones). Throws a
 * `usage` LabError if the runs are of several experiments, or of fewer than two recipes.
 */
export function runsOfRecipes(store: Store, ids: readonly string[]): RunsOfRecipes {
  const runs = ids.map((id) => store.getRun(id));
  const [one, other] = new Set(runs.map(({ experiment }) => experiment));
  if (other !== undefined)
    throw new LabError(
      'usage',
      `These runs belong to several experiments (${one}, ${other}), so they do not have the same initial weights and batches.`,
      'Name runs of one experiment.',
    );
  const bySeed = [...Map.groupBy(runs, ({ seed }) => seed).values()].map((group) => [
    ...new Map(group.map((run) => [run.name, run])).values(),
  ]);
  const chosen = bySeed.reduce((most, group) => (group.length > most.length ? group : most));
  if (chosen.length < 2)
    throw new LabError(
      'usage',
      'A comparison of gradients needs at least two recipes with the same seed.',
      'Name runs of other recipes, too, or name none to compare all runs of the newest experiment.',
    );
  return {
    first: chosen[0]!,
    recipes: chosen.map(({ configuration, encoder, state }) => ({
      configuration,
      encoder: state === 'finished' ? encoder : null,
    })),
  };
}
