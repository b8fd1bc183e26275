import { totalmem } from 'node:os';
import {
  ConfigurationError,
  type EncoderConfiguration,
  type UntrainedConfiguration,
} from '../../shared/configuration.ts';
import { formatCount, formatMemory } from '../../shared/format.ts';
import { randomStream } from '../base/random.ts';
import { distilbert } from './distilbert.ts';
import { initialWeights, parameterCount, type Encoder, type UntrainedEncoder, type Vocabulary } from './encoder.ts';
import { mini } from './mini.ts';
import { readPretrained } from './pretrained.ts';
import { staticEncoder } from './static.ts';
import type { TransformerSettings } from './transformer.ts';

/** The encoder of a configuration with its initial weights: random from the seed, or read from its folder. */
export function createEncoder(
  configuration: EncoderConfiguration,
  vocabulary: Vocabulary,
  seed: number,
): UntrainedEncoder {
  if (configuration.kind === 'pretrained' && configuration.folder !== null)
    return readPretrained(configuration, configuration.folder, vocabulary, seed);
  const encoder = encoderOf(configuration, vocabulary);
  requireTrainingMemory(parameterCount(encoder));
  return { encoder, weights: initialWeights(encoder, (name) => randomStream(seed, 'weights', name)) };
}

/** Bytes per parameter in training: its value, its gradient and two moments. */
const trainingBytes = 16;

/** Throws a `configuration` LabError if the encoder is too large for this machine, before anything is allocated. */
export function requireTrainingMemory(parameters: number, memory = totalmem()): void {
  if (parameters * trainingBytes <= memory) return;
  throw new ConfigurationError(
    ['embed_dim', 'hidden_dim', 'n_layers', 'vocabulary_size'],
    `This encoder has ${formatCount(parameters)} parameters. Training them needs ${formatMemory(parameters * trainingBytes)} of memory, but this machine has ${formatMemory(memory)}.`,
    'Choose a smaller embed_dim, hidden_dim, n_layers or vocabulary_size.',
  );
}

/** An architecture of LossLab, without weights. */
export function encoderOf(configuration: EncoderConfiguration, vocabulary: Vocabulary): Encoder {
  switch (configuration.kind) {
    case 'static':
      return staticEncoder({
        vocabularySize: vocabulary.size,
        size: configuration.embed_dim,
        projection: configuration.projection_dim ?? configuration.embed_dim,
        specialIds: vocabulary.specialIds,
        tokenWeights: vocabulary.tokenWeights(),
      });
    case 'mini':
      return mini(transformerSettings(configuration, vocabulary, configuration.max_length));
    case 'distilbert':
      return distilbert(transformerSettings(configuration, vocabulary, Math.max(512, configuration.max_length)));
    case 'pretrained':
      throw new Error(`The architecture of ${configuration.source} is in its files.`);
  }
}

function transformerSettings(
  configuration: UntrainedConfiguration,
  vocabulary: Vocabulary,
  maxPositions: number,
): TransformerSettings {
  return {
    vocabularySize: vocabulary.size,
    maxPositions,
    size: configuration.embed_dim,
    layers: configuration.n_layers,
    heads: configuration.n_heads,
    innerSize: configuration.hidden_dim,
    projection: configuration.projection_dim,
    pooling: configuration.pooling,
    padId: vocabulary.padId,
    dropout: configuration.dropout,
  };
}
