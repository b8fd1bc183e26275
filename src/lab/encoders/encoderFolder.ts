import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveConfiguration, type EncoderConfiguration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { writeAtomically } from '../files/atomicFile.ts';
import { asStorageError } from '../files/storage.ts';
import type { Encoder, UntrainedEncoder, Vocabulary, Weights } from './encoder.ts';
import { openModelFolder } from './modelFolder.ts';
import { decideEncoder } from './pretrained.ts';
import { encoderOf } from './registry.ts';
import { safetensorsParts, type NamedTensor } from './safetensors.ts';
import { openWeightFile } from './weightFiles.ts';
import { readFolderTokenizer } from '../text/folderTokenizer.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { createEncoder } from './createEncoder.ts';

/** An encoder with everything that encoding needs: the result of a run. */
export interface FinishedEncoder {
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** Maximum number of tokens of a text, including special tokens. */
  readonly maxLength: number;
}

/** Weights with their shapes, in the order of the parameters. */
export function tensorsOf(parameters: Encoder['parameters'], weights: Weights): Map<string, NamedTensor> {
  return new Map(parameters.map(({ name, shape }) => [name, { shape, data: weights.get(name)! }]));
}

/** Writes an encoder for use: model.safetensors, config.json, tokenizer.json, and the maximum length of texts. */
export function writeEncoderFolder(folder: string, { encoder, weights, tokenizer, maxLength }: FinishedEncoder): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeAtomically(
      join(folder, 'model.safetensors'),
      safetensorsParts(tensorsOf(encoder.parameters, weights), { format: 'pt' }),
    );
    writeAtomically(join(folder, 'config.json'), [asJson(encoder.config)]);
    writeAtomically(join(folder, 'sentence_bert_config.json'), [
      asJson({ max_seq_length: maxLength, do_lower_case: false }),
    ]);
    writeAtomically(join(folder, 'tokenizer.json'), [tokenizer.toJson()]);
  } catch (error) {
    throw asStorageError(error, folder);
  }
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * The encoder that a run with this configuration has written into `folder`. Throws an `encoder` LabError if it is
 * incomplete.
 */
export function readEncoderFolder(folder: string, configuration: EncoderConfiguration): FinishedEncoder {
  if (configuration.kind === 'pretrained') return readPretrainedFolder({ ...configuration, folder });
  const tokenizer = readFolderTokenizer(folder);
  return {
    ...readOwn(folder, encoderOf(configuration, vocabularyOf(tokenizer))),
    tokenizer,
    maxLength: configuration.max_length,
  };
}

/** The encoder in a folder of weights, with the model's own settings. */
export function readModelFolder(folder: string): FinishedEncoder {
  const { projection, trainedLength, config } = openModelFolder(folder);
  const { encoder } = resolveConfiguration({
    encoder: resolve(folder),
    projection_dim: projection,
    max_length: trainedLength ?? config.maxPositions,
  });
  return readPretrainedFolder(encoder);
}

function readPretrainedFolder(configuration: EncoderConfiguration): FinishedEncoder {
  const decided = decideEncoder(configuration);
  const tokenizer = readFolderTokenizer(configuration.folder!);
  return { ...createEncoder(decided, vocabularyOf(tokenizer), 0), tokenizer, maxLength: decided.max_length };
}

/** The initial values of an encoder do not matter here: its weights contain what it has learned. */
function vocabularyOf({ vocabularySize: size, padId, specialIds }: Tokenizer): Vocabulary {
  return { size, padId, specialIds, tokenWeights: () => new Float32Array(size) };
}

/** Reads the weights of an encoder with known architecture. */
function readOwn(folder: string, encoder: Encoder): UntrainedEncoder {
  const { file, tensors } = openWeightFile(join(folder, 'model.safetensors'));
  const weights: Weights = new Map(
    encoder.parameters.map(({ name, shape }) => {
      const tensor = tensors.get(name);
      if (tensor?.shape.join() === shape.join()) return [name, tensor.read()];
      const found = tensor ? `has the shape [${tensor.shape.join(', ')}]` : 'is missing';
      throw new LabError(
        'encoder',
        `${file}: tensor "${name}" ${found}; expected the shape [${shape.join(', ')}].`,
        'The file was changed after the run finished: train the recipe again.',
      );
    }),
  );
  return { encoder, weights };
}
