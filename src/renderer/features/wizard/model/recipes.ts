import type { Catalogue, LossDescription, StrategyDescription } from '../../../../shared/contract/contract.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../shared/configuration.ts';
import type { Field } from '../../../../shared/configuration/field.ts';
import { recipeKeys } from '../../../../shared/configuration/table.ts';
import type { LossName, Recipe, StrategyName } from '../../../../shared/recipe.ts';
import type { WizardRecipe } from './state.ts';

/** Recipes as cards show them and the editor changes them. */

/** The part of a configuration that makes a recipe. */
export function recipePart(configuration: RawConfiguration): RawConfiguration {
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => recipeKeys.has(key)));
}

export function presetRecipes(catalogue: Catalogue): WizardRecipe[] {
  return catalogue.presets.map(({ file, configuration }) => ({
    id: `preset ${file}`,
    preset: true,
    chosen: true,
    configuration: recipePart(configuration),
  }));
}

/** Throws a LabError where loss, strategy or a parameter is wrong. */
export function resolveRecipe(configuration: RawConfiguration): Recipe {
  return resolveConfiguration(recipePart(configuration)).recipe;
}

export function recipeName(configuration: RawConfiguration): string {
  return configuration.name ?? '';
}

/** A recipe of one's own: what it begins with, on the strategy that its loss is meant for, everything else by default. */
export function newRecipe(
  loss: LossDescription,
  start: RawConfiguration,
  id: string,
  names: readonly string[],
): WizardRecipe {
  return {
    id,
    preset: false,
    chosen: true,
    configuration: { ...start, name: freeName(loss.title, names), batch_transform: loss.strategies[0]! },
  };
}

export function copyOf(recipe: WizardRecipe, id: string, names: readonly string[]): WizardRecipe {
  return {
    id,
    preset: false,
    chosen: true,
    configuration: { ...recipe.configuration, name: freeName(recipeName(recipe.configuration), names) },
  };
}

/** `name`, or the first of `name 2`, `name 3`, … that nobody has. */
export function freeName(name: string, taken: readonly string[]): string {
  const base = name.replace(/ \d+$/, '');
  for (let number = 2; taken.includes(name); number++) name = `${base} ${number}`;
  return name;
}

export function lossOf(catalogue: Catalogue, name: LossName): LossDescription {
  return catalogue.losses.find((loss) => loss.name === name)!;
}

export function strategyOf(catalogue: Catalogue, name: StrategyName): StrategyDescription {
  return catalogue.strategies.find((strategy) => strategy.name === name)!;
}

/** What the loss and the strategy of a recipe can be told. */
export function parametersOf(catalogue: Catalogue, loss: LossName, strategy: StrategyName): readonly Field[] {
  return [...lossOf(catalogue, loss).parameters, ...strategyOf(catalogue, strategy).parameters];
}

/** A recipe's parameters in words, those at their default left out: "temperature 0.05, margin 0.3". */
export function recipeParameters(
  catalogue: Catalogue,
  recipe: Recipe,
): readonly { readonly title: string; readonly value: string; readonly changed: boolean }[] {
  const values: Readonly<Record<string, unknown>> = { ...recipe.loss.parameters, ...recipe.strategy.parameters };
  return parametersOf(catalogue, recipe.loss.name, recipe.strategy.name).map((parameter) => ({
    title: parameter.title,
    value: valueInWords(parameter, values[parameter.key]),
    changed: !isDefault(parameter, values[parameter.key]),
  }));
}

/** Some parameters are absent where they are at their default. */
function isDefault(parameter: Field, value: unknown): boolean {
  return value === undefined || value === parameter.default;
}

function valueInWords(parameter: Field, value: unknown): string {
  if (parameter.kind === 'boolean') return value ? 'yes' : 'no';
  if (parameter.kind === 'choice')
    return parameter.choices.find((choice) => choice.value === value)?.title ?? String(value);
  if (parameter.kind === 'numbers') return ((value ?? []) as readonly number[]).join(', ') || 'none';
  return String(value);
}

/** Another loss or strategy: what the new pair does not know is dropped, what it knows stays. */
export function withLossAndStrategy(
  catalogue: Catalogue,
  configuration: RawConfiguration,
  loss: LossName,
  strategy: StrategyName,
): RawConfiguration {
  const known = new Set<string>(['name', ...parametersOf(catalogue, loss, strategy).map(({ key }) => key)]);
  const kept = Object.entries(configuration).filter(([key]) => known.has(key));
  return { ...Object.fromEntries(kept), loss_type: loss, batch_transform: strategy };
}
