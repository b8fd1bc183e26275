import { fieldsOfParameters } from '../../../shared/configuration/field.ts';
import type { Catalogue } from '../../../shared/contract/contract.ts';
import {
  lossNames,
  lossParameters,
  strategiesOfLoss,
  strategyNames,
  strategyParameters,
  type StrategyChoice,
  type StrategyName,
} from '../../../shared/recipe.ts';
import { minimumAnswers, strategies } from '../../batching/registry.ts';
import { losses } from '../../losses/registry.ts';
import { presetNames, readPreset } from '../../experiments/presets.ts';
import type { Implementations } from '../context.ts';

/** The losses, strategies and encoders of the lab. */
export function catalogueMethods(): Implementations<'lab.catalogue'> {
  const catalogue = describeCatalogue();
  return { 'lab.catalogue': () => catalogue };
}

function describeCatalogue(): Catalogue {
  return {
    losses: lossNames.map((name) => {
      const { title, description, fits } = losses[name];
      const parameters = fieldsOfParameters(lossParameters[name]);
      return { name, title, description, fits, parameters, strategies: strategiesOfLoss[name] };
    }),
    strategies: strategyNames.map((name) => {
      const { title, description } = strategies[name];
      return {
        name,
        title,
        description,
        minimumAnswers: minimumAnswers(withDefaults(name)),
        parameters: fieldsOfParameters(strategyParameters[name]),
      };
    }),
    presets: presetNames.map((name) => ({ file: `${name}.json`, configuration: readPreset(name) })),
  };
}

function withDefaults(name: StrategyName): StrategyChoice {
  return { name, parameters: strategyParameters[name].parse({}) } as StrategyChoice;
}
