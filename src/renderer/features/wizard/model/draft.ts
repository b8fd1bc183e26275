import type { Catalogue } from '../../../../shared/contract/contract.ts';
import type { ExperimentDraft, Rehearsal } from '../../../../shared/contract/experiments.ts';
import type { RawConfiguration } from '../../../../shared/configuration.ts';
import { presetRecipes, recipeName, recipePart, resolveRecipe } from './recipes.ts';
import { suggestedSeeds } from './seeds.ts';
import { initialState, withKeys, type WizardRecipe, type WizardState } from './state.ts';
import { decidedOrSuggested } from './suggestions.ts';

/** From the wizard's state to the draft that the lab understands, and back. */

/**
 * Null as long as dataset, recipes or seeds are missing. `trained`: the recipes that are chosen and that
 * the data can feed; `suggested`: the seeds where nobody has decided on any.
 */
export function draftOf(
  state: WizardState,
  trained: readonly WizardRecipe[],
  questions: number,
  suggested: readonly number[] = suggestedSeeds,
): ExperimentDraft | null {
  const seeds = state.seeds ?? suggested;
  if (state.dataset === null || trained.length === 0 || seeds.length === 0) return null;
  return {
    name: state.name?.trim() || suggestedName(trained, state.dataset),
    dataset: state.dataset,
    shared: decidedOrSuggested(state.shared, questions),
    recipes: trained.map(({ configuration }) => configuration),
    seeds: [...seeds],
  };
}

export function suggestedName(trained: readonly WizardRecipe[], dataset: string): string {
  return `${trained.length === 1 ? recipeName(trained[0]!.configuration) : `${trained.length} losses`} on ${dataset}`;
}

/** What a rehearsal depends on: it takes the first seed, and all take the same time. */
export function rehearsalKey({ dataset, shared, recipes, seeds }: ExperimentDraft): string {
  return JSON.stringify([dataset, Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1)), recipes, seeds[0]]);
}

/** The figures of a rehearsal that was `measured` with so many seeds, for another number of them. */
export function withSeeds(rehearsal: Rehearsal, seeds: number, measured = 1): Rehearsal {
  const { totalSeconds, diskBytes } = rehearsal;
  return { ...rehearsal, totalSeconds: (totalSeconds / measured) * seeds, diskBytes: (diskBytes / measured) * seeds };
}

/** A wizard that would make this draft: presets that it uses are chosen, its other recipes are one's own. */
export function stateOfDraft(draft: ExperimentDraft, catalogue: Catalogue, origin: string): WizardState {
  const configurations = draft.recipes as RawConfiguration[];
  const presets = presetRecipes(catalogue).map((preset) => ({
    ...preset,
    chosen: configurations.some((configuration) => isSame(preset.configuration, configuration)),
  }));
  const own = configurations
    .filter((configuration) => !presets.some((preset) => isSame(preset.configuration, configuration)))
    .map((configuration, index): WizardRecipe => ({
      id: `own ${index + 1}`,
      preset: false,
      chosen: true,
      configuration: recipePart(configuration),
    }));
  const state = initialState(origin, [...presets, ...own], draft.dataset);
  return {
    ...state,
    name: draft.name,
    shared: withoutSeed(draft.shared),
    seeds: draft.seeds.length > 0 ? draft.seeds : null,
  };
}

/** Seeds have a list of their own. */
function withoutSeed(shared: RawConfiguration): RawConfiguration {
  return withKeys(shared, { seed: undefined });
}

function isSame(a: RawConfiguration, b: RawConfiguration): boolean {
  return recipeName(a) === recipeName(b) && JSON.stringify(resolveRecipe(a)) === JSON.stringify(resolveRecipe(b));
}
