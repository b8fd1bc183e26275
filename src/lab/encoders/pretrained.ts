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

/** Encoders with initial weights from a folder. */

/** Default if neither the configuration nor the model decides, as for DistilBERT from random weights. */
const defaultPooling = 'cls';
const defaultProjection = 128;

/** A pretrained encoder with all settings decided. */
export type DecidedConfiguration = PretrainedConfiguration & EncoderShape;

/**
 * Finds the files and reads from them what only they know: sizes, pooling, projection, and the maximum length of texts.
 * A repository of the Hub is looked up in the cache and pinned to its commit. Keys of the configuration are compared
 * with the files; earlier decisions stay. Encoders with random initial weights are returned unchanged. Reads only small
 * files and headers. Throws an `encoder` LabError for files, and a `configuration` LabError for a key that contradicts
 * them.
 */
export function decideEncoder(configuration: EncoderConfiguration): EncoderConfiguration {
  const found =
    configuration.kind === 'pretrained' && configuration.folder === null
      ? { ...configuration, ...resolveEncoder(configuration.source) }
      : configuration;
  return found.folder === null ? found : decide(found, openModelFolder(found.folder));
}

/**
 * The same configuration with all settings of the encoder decided, as it is stored with a run. Throws as
 * `decideEncoder` does.
 */
export function withDecidedEncoder(configuration: Configuration): Configuration {
  const encoder = decideEncoder(configuration.encoder);
  // The number of layers that can be frozen is known only now.
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

/** A model for embeddings without a projection gets none; `null` omits even the model's own projection. */
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
      `Remove ${key}: the folder of weights decides it.`,
    );
}

/**
 * The encoder of a folder with its weights, read tensor by tensor; a missing projection gets random initial weights.
 */
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
      `The tokenizer has ${vocabulary.size} tokens, but the encoder in ${folder} has only ${vocabularySize}.`,
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

/**
 * Description of a folder, from small files and headers. `reference` is its name in a configuration. Throws an
 * `encoder` LabError if it cannot be used.
 */
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
