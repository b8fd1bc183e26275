import {
  checkCompatible,
  defaultLossOfStrategy,
  lossParameters,
  lowestLearnedTemperature,
  parseLossName,
  strategiesOfLoss,
  strategyParameters,
  type LossChoice,
  type LossName,
  type Recipe,
  type StrategyChoice,
  type StrategyName,
} from '../recipe.ts';
import { ConfigurationError } from './error.ts';
import { targetProbability } from './legacy.ts';
import type { RawConfiguration } from './types.ts';

/** Explicit keys win over a parametrised loss name, which wins over defaults. Throws a ConfigurationError. */
export function resolveRecipe(raw: RawConfiguration): Recipe {
  const named = raw.loss_type ? parseLossName(raw.loss_type) : null;
  const strategy = raw.batch_transform ?? (named ? strategiesOfLoss[named.name][0] : 'infonce');
  const loss = named?.name ?? defaultLossOfStrategy[strategy];
  checkCompatible(loss, strategy);
  return { loss: resolveLoss(loss, named?.parameters ?? {}, raw), strategy: resolveStrategy(strategy, raw) };
}

function resolveLoss(name: LossName, fromName: Record<string, unknown>, raw: RawConfiguration): LossChoice {
  const explicit = pickDefined(raw, Object.keys(lossParameters[name].shape));
  const { hard_neg_target_prob, hard_negative_weight } = raw;
  if (name === 'relaxed_hard_neg' && hard_neg_target_prob === undefined && hard_negative_weight !== undefined)
    explicit.hard_neg_target_prob = targetProbability(hard_negative_weight);
  const parameters = lossParameters[name].safeParse({ ...fromName, ...explicit });
  if (parameters.success) return withLearnableTemperature({ name, parameters: parameters.data } as LossChoice);
  // Explicit keys were checked before: what is left is what the name says.
  const { path, message } = parameters.error.issues[0]!;
  throw new ConfigurationError(
    ['loss_type'],
    `loss_type "${raw.loss_type}": ${path.join('.')}: ${message}; found ${String(fromName[path[0] as string])}.`,
    'Correct the number in the name.',
  );
}

/** 1/τ is kept at 100 at most while it is learned. */
function withLearnableTemperature(choice: LossChoice): LossChoice {
  const { parameters } = choice;
  if (
    !('learn_temperature' in parameters) ||
    !parameters.learn_temperature ||
    parameters.temperature >= lowestLearnedTemperature
  )
    return choice;
  throw new ConfigurationError(
    ['temperature', 'learn_temperature'],
    `temperature ${parameters.temperature} is below ${lowestLearnedTemperature}, the lowest that learn_temperature allows.`,
    `Set temperature to ${lowestLearnedTemperature} or more, or remove learn_temperature.`,
  );
}

function resolveStrategy(name: StrategyName, raw: RawConfiguration): StrategyChoice {
  const keys = Object.keys(strategyParameters[name].shape);
  return { name, parameters: strategyParameters[name].parse(pickDefined(raw, keys)) } as StrategyChoice;
}

function pickDefined(raw: RawConfiguration, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([key, value]) => keys.includes(key) && value !== undefined));
}
