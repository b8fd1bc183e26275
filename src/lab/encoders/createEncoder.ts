import { totalmem } from 'node:os';
import { ConfigurationError, type EncoderConfiguration } from '../../shared/configuration.ts';
import { formatCount, formatMemory } from '../../shared/format.ts';
import { randomStream } from '../base/random.ts';
import { initialWeights, parameterCount, type UntrainedEncoder, type Vocabulary } from './encoder.ts';
import { readPretrained } from './pretrained.ts';
import { encoderOf } from './registry.ts';

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
