import { resolveConfiguration, type Configuration } from '../../shared/configuration.ts';
import type { ExperimentDraft } from '../../shared/contract/experiments.ts';

/** One for each run, recipe by recipe, the seeds of each together. Throws a `configuration` LabError. */
export function draftConfigurations({ shared, recipes, seeds }: ExperimentDraft): Configuration[] {
  return recipes.flatMap((recipe) => seeds.map((seed) => resolveConfiguration({ ...shared, ...recipe, seed })));
}
