import {
  ConfigurationError,
  type Configuration,
  type EncoderConfiguration,
  type EncoderShape,
  type PretrainedConfiguration,
} from '../../shared/configuration.ts';
import type { EncoderDescription } from '../../shared/contract/encoders.ts';
import { LabError } from '../../shared/errors.ts';
import { requireCuts } from '../../shared/matryoshka.ts';
import { requireSomethingTrained } from '../../shared/fineTuning.ts';
import { randomStream } from '../base/random.ts';
import { initialWeights, parameterCount, type UntrainedEncoder, type Vocabulary, type Weights } from './encoder.ts';
import { encoderOfModel, openModelFolder, storedParameters, type ModelFolder } from './modelFolder.ts';
import { resolveEncoder } from './hub/reference.ts';

/** Encoders that begin with the weights of a folder. */

/** Where neither the configuration nor the model says anything, as for DistilBERT from random weights. */
const defaultPooling = 'cls';
const defaultProjection = 128;

/** A pretrained encoder of which everything is decided. */
export type DecidedConfiguration = PretrainedConfiguration & EncoderShape;

/**
 * Finds the files, and decides what only they know: sizes, pooling, projection, and how long texts may
 * be. A repository of the Hub is looked for in the cache, and pinned to its commit. What the
 * configuration names is held to the files; what it has from an earlier decision stays. Encoders from
 * random weights are decided as they are. Reads small files and headers only. Throws an `encoder`
 * LabError for files, and a `configuration` LabError for a key that they contradict.
 */
export function decideEncoder(configuration: EncoderConfiguration): EncoderConfiguration {
  const found =
    configuration.kind === 'pretrained' && configuration.folder === null
      ? { ...configuration, ...resolveEncoder(configuration.source) }
      : configuration;
  return found.folder === null ? found : decide(found, openModelFolder(found.folder));
}

/** The same configuration with an encoder of which everything is decided: what is stored with a run. Throws as `decideEncoder` does. */
export function withDecidedEncoder(configuration: Configuration): Configuration {
  const encoder = decideEncoder(configuration.encoder);
  // Only now it is known how many layers there are to freeze.
  if (encoder.n_layers !== undefined)
    requireSomethingTrained(configuration.training, encoder.n_layers, encoder.projection_dim !== null);
  const length = encoder.projection_dim ?? encoder.embed_dim;
  if (length !== undefined) requireCuts(configuration.recipe.loss.parameters.matryoshka_dimensions, length);
  return { ...configuration, encoder };
}

function decide(configuration: PretrainedConfiguration, model: ModelFolder): DecidedConfiguration {
  const { config } = model;
  const sizes = {
    embed_dim: config.size,
    n_layers: config.layers,
    n_heads: config.heads,
    hidden_dim: config.innerSize,
  };
  for (const key of Object.keys(sizes) as (keyof typeof sizes)[])
    if (configuration.explicit.includes(key)) requireSame(key, configuration[key], sizes[key], model);
  return {
    ...configuration,
    ...sizes,
    max_length: decideLength(configuration, model),
    pooling: configuration.pooling ?? model.pooling ?? defaultPooling,
    projection_dim: decideProjection(configuration, model),
  };
}

function decideLength(
  { max_length, explicit }: PretrainedConfiguration,
  { folder, config: { maxPositions }, trainedLength }: ModelFolder,
): number {
  if (!explicit.includes('max_length')) return Math.min(max_length, maxPositions, trainedLength ?? Infinity);
  if (max_length <= maxPositions) return max_length;
  throw new ConfigurationError(
    ['max_length'],
    `max_length ${max_length} is more than the ${maxPositions} positions of the encoder in ${folder}.`,
    `Set max_length to ${maxPositions} or less.`,
  );
}

/** None for a model that was made for embeddings without one; `null` leaves out even one that the model has. */
function decideProjection({ projection_dim }: PretrainedConfiguration, model: ModelFolder): number | null {
  if (projection_dim === undefined) return model.projection ?? (model.isSentenceEncoder ? null : defaultProjection);
  if (projection_dim !== null && model.projection !== null)
    requireSame('projection_dim', projection_dim, model.projection, model);
  return projection_dim;
}

function requireSame(key: string, named: number | undefined, found: number, { folder }: ModelFolder): void {
  if (named !== found)
    throw new ConfigurationError(
      [key],
      `${key} is ${named}, but the encoder in ${folder} has ${found}.`,
      `Leave ${key} out: a folder of weights decides it.`,
    );
}

/** The encoder of a folder with its weights, read tensor by tensor; a projection that it does not have begins at random. */
export function readPretrained(
  configuration: PretrainedConfiguration,
  folder: string,
  vocabulary: Vocabulary,
  seed: number,
): UntrainedEncoder {
  const model = openModelFolder(folder);
  const { pooling, projection_dim, dropout } = decide(configuration, model);
  const { vocabularySize } = model.config;
  if (vocabulary.size > vocabularySize) {
    throw new LabError(
      'encoder',
      `The tokenizer has ${vocabulary.size} tokens, the encoder in ${folder} ${vocabularySize}.`,
      `Put the encoder's own tokenizer.json into ${folder}, or name it with the key tokenizer.`,
    );
  }
  const encoder = encoderOfModel(model, { pooling, projection: projection_dim, padId: vocabulary.padId, dropout });
  const stored = storedParameters(model, encoder);
  const random = initialWeights(
    { ...encoder, parameters: encoder.parameters.filter(({ name }) => !stored.has(name)) },
    (name) => randomStream(seed, 'weights', name),
  );
  const weights: Weights = new Map(
    encoder.parameters.map(({ name }) => [name, stored.get(name)?.read() ?? random.get(name)!]),
  );
  return { encoder, weights };
}

/** What a folder says of itself, from small files and headers. `reference` is how a configuration names it. Throws an `encoder` LabError where it cannot be used. */
export function describeEncoder(folder: string, reference = folder): EncoderDescription {
  const model = openModelFolder(folder);
  const { config, projection, pooling, weights, dense } = model;
  const encoder = encoderOfModel(model, { pooling: pooling ?? defaultPooling, projection, padId: 0, dropout: 0 });
  storedParameters(model, encoder);
  return {
    encoder: reference,
    folder,
    architecture: config.architecture,
    size: config.size,
    layers: config.layers,
    heads: config.heads,
    innerSize: config.innerSize,
    maxLength: config.maxPositions,
    vocabularySize: config.vocabularySize,
    pooling,
    dimension: encoder.dimension,
    parameters: parameterCount(encoder),
    bytes: weights.bytes + (dense?.bytes ?? 0),
  };
}
