import type { FineTuning, TrainingConfiguration } from '../../shared/configuration.ts';
import { requireSomethingTrained } from '../../shared/fineTuning.ts';
import type { Encoder, Parametrised, ParameterSpecification } from '../encoders/encoder.ts';
import type { ParameterGroup } from '../graph/adamw.ts';

/** The trained parameters by name, in the order of the encoder; all others are frozen. */
export type ParameterGroups = ReadonlyMap<string, ParameterGroup>;

/** Every parameter at the full rate and with weight decay. */
export function oneGroup(encoder: Parametrised): ParameterGroups {
  return new Map(encoder.parameters.map(({ name }) => [name, { rate: 1, decays: true }]));
}

/** Which parameters a configuration trains, and how. Throws a `configuration` LabError if too much is frozen. */
export function parameterGroups(encoder: Encoder, training: TrainingConfiguration): ParameterGroups {
  const layers = layerCount(encoder);
  requireSomethingTrained(
    training,
    layers,
    encoder.parameters.some(({ layer }) => layer === 'head'),
  );
  const trained = encoder.parameters.filter((parameter) => !isFrozen(parameter, training));
  return new Map(
    trained.map((parameter) => [
      parameter.name,
      { rate: rateOf(parameter, layers, training), decays: training.decay_bias_and_norm || !isBiasOrNorm(parameter) },
    ]),
  );
}

function layerCount({ parameters }: Encoder): number {
  return Math.max(0, ...parameters.map(({ layer }) => (typeof layer === 'number' ? layer + 1 : 0)));
}

function isFrozen({ layer }: ParameterSpecification, { freeze_embeddings, freeze_layers }: FineTuning): boolean {
  return layer === 'embeddings' ? freeze_embeddings : layer !== 'head' && layer < freeze_layers;
}

/**
 * As in BEiT (Bao et al. 2022): 1 in the head, multiplied by the factor for every layer below, and once more for the
 * embeddings.
 */
function rateOf({ layer }: ParameterSpecification, layers: number, { layer_decay }: FineTuning): number {
  if (layer === 'head') return 1;
  return layer_decay ** (layer === 'embeddings' ? layers + 1 : layers - layer);
}

/** Matrices have two axes; biases and scales have one. */
function isBiasOrNorm({ shape }: ParameterSpecification): boolean {
  return shape.length === 1;
}
