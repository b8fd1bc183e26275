import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EncoderConfiguration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { randomStream } from '../random.ts';
import { distilbert, type TransformerSettings } from './distilbert.ts';
import { initialWeights, type Encoder, type Weights } from './encoder.ts';
import { mini } from './mini.ts';
import { readSafetensors, type NamedTensor } from './safetensors.ts';
import { staticEncoder } from './static.ts';

/** What an encoder needs to know of its tokenizer and of the training split. */
export interface Vocabulary {
  readonly size: number;
  readonly padId: number;
  readonly specialIds: readonly number[];
  /** Inverse document frequency by token id, over the training split. */
  readonly tokenWeights: () => Float32Array;
}

export interface UntrainedEncoder {
  readonly encoder: Encoder;
  readonly weights: Weights;
}

/** The encoder of a configuration with its initial weights: random from the seed, or read from its folder. */
export function createEncoder(configuration: EncoderConfiguration, vocabulary: Vocabulary, seed: number): UntrainedEncoder {
  if (configuration.folder !== null) return readDistilbert(configuration, configuration.folder, vocabulary, seed);
  const encoder = encoderOf(configuration, vocabulary);
  return { encoder, weights: initialWeights(encoder, (name) => randomStream(seed, 'weights', name)) };
}

/** An architecture of our own choice, without weights. */
export function encoderOf(configuration: EncoderConfiguration, vocabulary: Vocabulary): Encoder {
  switch (configuration.kind) {
    case 'static':
      return staticEncoder({
        vocabularySize: vocabulary.size,
        size: configuration.embed_dim,
        projection: configuration.projection_dim,
        specialIds: vocabulary.specialIds,
        tokenWeights: vocabulary.tokenWeights(),
      });
    case 'mini':
      return mini(transformerSettings(configuration, vocabulary, configuration.max_length));
    case 'distilbert':
      return distilbert(transformerSettings(configuration, vocabulary, Math.max(512, configuration.max_length)));
  }
}

function transformerSettings(configuration: EncoderConfiguration, vocabulary: Vocabulary, maxPositions: number): TransformerSettings {
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

// --- A local folder -----------------------------------------------------------------------------

const distilbertConfig = z
  .object({
    model_type: z.literal('distilbert'),
    vocab_size: z.int().positive(),
    max_position_embeddings: z.int().positive(),
    dim: z.int().positive(),
    n_layers: z.int().positive(),
    n_heads: z.int().positive(),
    hidden_dim: z.int().positive(),
    activation: z.literal('gelu').default('gelu'),
  })
  .refine(({ dim, n_heads }) => dim % n_heads === 0, { path: ['n_heads'], error: 'must divide dim' });

/** Reads config.json and model.safetensors of the DistilBERT architecture; a projection that is not there begins at random. */
function readDistilbert(configuration: EncoderConfiguration, folder: string, vocabulary: Vocabulary, seed: number): UntrainedEncoder {
  const config = readConfig(folder);
  const sizes = { embed_dim: config.dim, n_layers: config.n_layers, n_heads: config.n_heads, hidden_dim: config.hidden_dim };
  for (const key of configuration.explicit as (keyof typeof sizes)[]) {
    if (configuration[key] !== sizes[key]) throw new LabError('configuration', `${key} is ${configuration[key]}, but the encoder in ${folder} has ${sizes[key]}.`, `Leave ${key} out: a folder of weights decides it.`);
  }
  if (configuration.max_length > config.max_position_embeddings) {
    throw new LabError('configuration', `max_length ${configuration.max_length} is more than the ${config.max_position_embeddings} positions of the encoder in ${folder}.`, `Set max_length to ${config.max_position_embeddings} or less.`);
  }
  if (vocabulary.size > config.vocab_size) {
    throw new LabError('encoder', `The tokenizer has ${vocabulary.size} tokens, the encoder in ${folder} ${config.vocab_size}.`, `Put the encoder's own tokenizer.json into ${folder}, or name it with the key tokenizer.`);
  }
  const settings = { ...transformerSettings({ ...configuration, ...sizes }, vocabulary, config.max_position_embeddings), vocabularySize: config.vocab_size };
  const encoder = distilbert(settings);
  const file = join(folder, 'model.safetensors');
  const tensors = readSafetensors(readFile(file), file);
  const random = initialWeights({ ...encoder, parameters: encoder.parameters.filter(({ name }) => name.startsWith('projection.')) }, (name) => randomStream(seed, 'weights', name));
  const weights: Weights = new Map(encoder.parameters.map(({ name, shape }) => [name, tensorOf(tensors, name, shape, file) ?? random.get(name) ?? missing(name, file)]));
  return { encoder, weights };
}

function readConfig(folder: string): z.output<typeof distilbertConfig> {
  const file = join(folder, 'config.json');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(readFile(file)));
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('encoder', `${file} is not JSON: ${(error as Error).message}.`);
  }
  const parsed = distilbertConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new LabError('encoder', `${file}: ${issue.path.join('.')}: ${issue.message}.`, 'Encoders are read from folders of the DistilBERT architecture.');
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LabError('encoder', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, 'An encoder folder holds config.json and model.safetensors.', { cause });
  }
}

function tensorOf(tensors: ReadonlyMap<string, NamedTensor>, name: string, shape: readonly number[], file: string): Float32Array | undefined {
  const tensor = tensors.get(name) ?? tensors.get(`distilbert.${name}`);
  if (!tensor) return undefined;
  if (tensor.shape.join() === shape.join()) return tensor.data;
  throw new LabError('encoder', `${file}: tensor "${name}" has the shape [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}].`, 'config.json and model.safetensors must belong together.');
}

function missing(name: string, file: string): never {
  throw new LabError('encoder', `${file} has no tensor "${name}".`, 'config.json and model.safetensors must belong together.');
}
