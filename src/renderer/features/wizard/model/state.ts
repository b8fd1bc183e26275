import type { RawConfiguration } from '../../../../shared/configuration.ts';

/** What the wizard knows of an experiment that is being set up. Plain data: it is kept over a reload. */

export const stepNames = ['data', 'encoder', 'losses', 'budget', 'review'] as const;
export type StepName = (typeof stepNames)[number];

export const stepTitles: Record<StepName, string> = {
  data: 'Data',
  encoder: 'Encoder',
  losses: 'Losses',
  budget: 'Budget',
  review: 'Review',
};

export interface WizardRecipe {
  /** Of this card, for as long as the wizard is open. */
  readonly id: string;
  /** A preset is offered to everybody; one's own can be edited and removed. */
  readonly preset: boolean;
  readonly chosen: boolean;
  /** Its own keys only: name, loss, strategy and their parameters. */
  readonly configuration: RawConfiguration;
}

export interface WizardState {
  /** What the wizard was opened with: the same again is a reload, anything else a new beginning. */
  readonly origin: string;
  readonly mode: 'simple' | 'advanced';
  readonly step: StepName;
  /** Null: the name is made from losses and dataset. */
  readonly name: string | null;
  readonly dataset: string | null;
  /** Keys of all runs that somebody has decided; the others are suggested (`suggestions.ts`). */
  readonly shared: RawConfiguration;
  readonly recipes: readonly WizardRecipe[];
  /** Null: as many as there is time for (`seeds.ts`). */
  readonly seeds: readonly number[] | null;
  /** Ids of downloads that were begun for this experiment: what they bring is chosen. */
  readonly awaited: readonly string[];
}

export function initialState(origin: string, recipes: readonly WizardRecipe[], dataset: string | null): WizardState {
  return { origin, mode: 'simple', step: 'data', name: null, dataset, shared: {}, recipes, seeds: null, awaited: [] };
}

/** The keys with a value, and those set to undefined taken out. */
export function withKeys(
  configuration: RawConfiguration,
  changes: { readonly [K in keyof RawConfiguration]?: RawConfiguration[K] | undefined },
): RawConfiguration {
  return Object.fromEntries(
    Object.entries({ ...configuration, ...changes }).filter(([, value]) => value !== undefined),
  );
}
