import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EncoderConfiguration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { writeAtomically } from '../atomicFile.ts';
import { asStorageError } from '../data/storage.ts';
import type { Encoder, Weights } from '../encoders/encoder.ts';
import { createEncoder, encoderOf, type UntrainedEncoder, type Vocabulary } from '../encoders/registry.ts';
import { readSafetensors, safetensorsParts, type NamedTensor } from '../encoders/safetensors.ts';
import { readTokenizer } from '../tokenizers/huggingFaceTokenizer.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';

/** An encoder with everything that encoding takes: what a run leaves behind. */
export interface FinishedEncoder {
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** Tokens of a text at most, special tokens included. */
  readonly maxLength: number;
}

/** Weights with their shapes, in the order of the parameters. */
export function tensorsOf(parameters: Encoder['parameters'], weights: Weights): Map<string, NamedTensor> {
  return new Map(parameters.map(({ name, shape }) => [name, { shape, data: weights.get(name)! }]));
}

/** Writes an encoder as people use it: model.safetensors, config.json and tokenizer.json. */
export function writeEncoderFolder(folder: string, encoder: Encoder, weights: Weights, tokenizer: Tokenizer): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeAtomically(join(folder, 'model.safetensors'), safetensorsParts(tensorsOf(encoder.parameters, weights), { format: 'pt' }));
    writeAtomically(join(folder, 'config.json'), [`${JSON.stringify(encoder.config, null, 2)}\n`]);
    writeAtomically(join(folder, 'tokenizer.json'), [tokenizer.toJson()]);
  } catch (error) {
    throw asStorageError(error, folder);
  }
}

/** The encoder that a run with this configuration has written into `folder`. Throws an `encoder` LabError where it is not whole. */
export function readEncoderFolder(folder: string, configuration: EncoderConfiguration): FinishedEncoder {
  const tokenizer = readTokenizer(join(folder, 'tokenizer.json'));
  const vocabulary: Vocabulary = {
    size: tokenizer.vocabularySize,
    padId: tokenizer.padId,
    specialIds: tokenizer.specialIds,
    // Where a static encoder begins: what it has learned is among its weights.
    tokenWeights: () => new Float32Array(tokenizer.vocabularySize),
  };
  const { encoder, weights } = configuration.folder === null ? readOwn(folder, encoderOf(configuration, vocabulary)) : createEncoder({ ...configuration, folder }, vocabulary, 0);
  return { encoder, weights, tokenizer, maxLength: configuration.max_length };
}

/** Weights of an encoder that is known but for them. */
function readOwn(folder: string, encoder: Encoder): UntrainedEncoder {
  const file = join(folder, 'model.safetensors');
  const tensors = readSafetensors(readWeights(file), file);
  const weights: Weights = new Map(
    encoder.parameters.map(({ name, shape }) => {
      const tensor = tensors.get(name);
      if (tensor?.shape.join() === shape.join()) return [name, tensor.data];
      const found = tensor ? `has the shape [${tensor.shape.join(', ')}]` : 'is missing';
      throw new LabError('encoder', `${file}: tensor "${name}" ${found}; expected the shape [${shape.join(', ')}].`, 'The file was changed since the run finished: train it again.');
    }),
  );
  return { encoder, weights };
}

function readWeights(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LabError('encoder', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, 'The encoder of the run is gone: train it again.', { cause });
  }
}
