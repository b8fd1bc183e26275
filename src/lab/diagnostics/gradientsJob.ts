import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { ComparedRecipe } from './compareGradients.ts';

/** Runs that can be compared by their gradients: one for each recipe, of one experiment and one seed. */
export interface RunsOfRecipes {
  readonly first: Run;
  readonly recipes: readonly ComparedRecipe[];
}

/**
 * Of each recipe among some runs the one with the seed that most of them have; of equally many the first. Throws
 * a `usage` LabError where they are of several experiments, or of fewer than two recipes.
 */
export function runsOfRecipes(store: Store, ids: readonly string[]): RunsOfRecipes {
  const runs = ids.map((id) => store.getRun(id));
  const [one, other] = new Set(runs.map(({ experiment }) => experiment));
  if (other !== undefined)
    throw new LabError(
      'usage',
      `These runs are of several experiments (${one}, ${other}): they did not begin with the same weights and batches.`,
      'Name runs of one experiment.',
    );
  const bySeed = [...Map.groupBy(runs, ({ seed }) => seed).values()].map((group) => [
    ...new Map(group.map((run) => [run.name, run])).values(),
  ]);
  const chosen = bySeed.reduce((most, group) => (group.length > most.length ? group : most));
  if (chosen.length < 2)
    throw new LabError(
      'usage',
      'Gradients are compared between at least two recipes with the same seed.',
      'Name runs of other recipes, too, or none for all of the newest experiment.',
    );
  return {
    first: chosen[0]!,
    recipes: chosen.map(({ configuration, encoder, state }) => ({
      configuration,
      encoder: state === 'finished' ? encoder : null,
    })),
  };
}
