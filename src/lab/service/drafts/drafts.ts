import { resolveConfiguration, toRawConfiguration, type Configuration } from '../../../shared/configuration.ts';
import type { ExperimentDraft } from '../../../shared/contract/experiments.ts';
import { keysOutsideDrafts, recipeKeys } from '../../../shared/configuration/table.ts';

type Keys = ExperimentDraft['shared'];

/**
 * One configuration per run, recipe by recipe, seed by seed. The first seed sets the split, so that all runs are tested
 * on the same questions. Throws a `configuration` LabError.
 */
export function draftConfigurations({ shared, recipes, seeds }: ExperimentDraft): Configuration[] {
  const split_seed = shared.split_seed ?? seeds[0];
  return recipes.flatMap((recipe) => seeds.map((seed) => draftConfiguration({ ...shared, split_seed }, recipe, seed)));
}

export function draftConfiguration(shared: Keys, recipe: Keys, seed: number): Configuration {
  const keys = Object.entries({ ...shared, ...recipe }).filter(([key]) => !keysOutsideDrafts.has(key));
  return resolveConfiguration({ ...Object.fromEntries(keys), seed });
}

/**
 * A draft that gives these runs again, on the dataset of that name. Common keys are shared, the others belong to
 * recipes. If some recipes lack some seeds, the draft has more runs than before.
 */
export function draftFromRuns(
  name: string,
  dataset: string,
  configurations: readonly Configuration[],
): ExperimentDraft {
  const raws: Keys[] = configurations.map(toRawConfiguration);
  const seeds = [...new Set(configurations.map(({ seed }) => seed))];
  const isShared = (key: string): boolean =>
    !recipeKeys.has(key) && raws.every((raw) => isEqual(raw[key], raws[0]![key]));
  const shared = pick(raws[0]!, (key) => !keysOutsideDrafts.has(key) && isShared(key));
  const recipes = raws.map((raw) => pick(raw, (key) => !keysOutsideDrafts.has(key) && !isShared(key)));
  return { name, dataset, shared, recipes: distinct(recipes), seeds };
}

function pick(keys: Keys, wanted: (key: string) => boolean): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => wanted(key)));
}

function distinct<T>(values: readonly T[]): T[] {
  return values.filter((value, index) => values.findIndex((other) => isEqual(other, value)) === index);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
