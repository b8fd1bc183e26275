import { lowestLearnedTemperature, type LossChoice, type LossName, type LossParameters } from '../../shared/recipe.ts';
import type { ParameterSpecification } from '../encoders/encoder.ts';
import type { ParameterGroup } from '../graph/adamw.ts';
import type { Tensor } from '../graph/graph.ts';
import { exponential } from '../graph/operators/elementwise.ts';
import { squeeze } from '../graph/operators/reduction.ts';

/**
 * A learned temperature (Radford et al. 2021, CLIP): its logarithm is a parameter that is trained with the encoder but
 * is not one of its weights.
 */
export const logTemperature = 'loss.log_temperature';

/** Without weight decay, which would pull the temperature towards 1. */
export const temperatureGroup: ParameterGroup = { rate: 1, decays: false, minimum: Math.log(lowestLearnedTemperature) };

/** The parameter of a learned temperature; null if the temperature is fixed, or the loss has none. */
export function temperatureParameter(parameters: LossParameters[LossName]): ParameterSpecification | null {
  if (!('learn_temperature' in parameters) || !parameters.learn_temperature) return null;
  const initial = Float32Array.of(Math.log(parameters.temperature));
  return { name: logTemperature, shape: [1], layer: 'head', initial: () => initial.slice() };
}

/** A scalar. */
export function learnedTemperature(parameter: (name: string) => Tensor): Tensor {
  return squeeze(exponential(parameter(logTemperature)), [0]);
}

/** The same loss with its temperature fixed at the initial value. */
export function withFixedTemperature(choice: LossChoice): LossChoice {
  return { ...choice, parameters: { ...choice.parameters, learn_temperature: false } } as LossChoice;
}
