import type { Catalogue } from '../../../../src/shared/contract/contract.ts';
import type { DatasetSummary } from '../../../../src/shared/contract/datasets.ts';
import type { RawConfiguration } from '../../../../src/shared/configuration.ts';
import { catalogueMethods } from '../../../../src/lab/service/catalogue/catalogue.ts';
import { presetRecipes } from '../../../../src/renderer/features/wizard/model/recipes.ts';
import {
  initialState,
  type WizardRecipe,
  type WizardState,
} from '../../../../src/renderer/features/wizard/model/state.ts';

/** The lab's own: what the wizard gets. */
export const catalogue = (catalogueMethods()['lab.catalogue'] as () => Catalogue)();

export function counts(withOne: number, withMore: number): DatasetSummary['manifest']['counts'] {
  return {
    questions: withOne + withMore,
    answers: withOne + 3 * withMore,
    questionsWithOneAnswer: withOne,
    questionsWithTwoOrMore: withMore,
  };
}

export function dataset(name: string, withOne: number, withMore: number): DatasetSummary {
  return {
    name,
    shipped: false,
    bytes: 1,
    experiments: 0,
    manifest: { name, counts: counts(withOne, withMore) } as DatasetSummary['manifest'],
  };
}

export function own(configuration: RawConfiguration, chosen = true): WizardRecipe {
  return { id: `own ${configuration.name}`, preset: false, chosen, configuration };
}

export function wizard(changes: Partial<WizardState> = {}): WizardState {
  return { ...initialState('', presetRecipes(catalogue), 'sample'), ...changes };
}
