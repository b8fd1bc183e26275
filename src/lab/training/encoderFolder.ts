import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile.ts';
import { asStorageError } from '../data/storage.ts';
import type { Encoder, Weights } from '../encoders/encoder.ts';
import { safetensorsParts } from '../encoders/safetensors.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';

/** Writes an encoder as people use it: model.safetensors, config.json and tokenizer.json. */
export function writeEncoderFolder(folder: string, encoder: Encoder, weights: Weights, tokenizer: Tokenizer): void {
  const tensors = new Map(encoder.parameters.map(({ name, shape }) => [name, { shape, data: weights.get(name)! }]));
  try {
    mkdirSync(folder, { recursive: true });
    writeAtomically(join(folder, 'model.safetensors'), safetensorsParts(tensors, { format: 'pt' }));
    writeAtomically(join(folder, 'config.json'), [`${JSON.stringify(encoder.config, null, 2)}\n`]);
    writeAtomically(join(folder, 'tokenizer.json'), [tokenizer.toJson()]);
  } catch (error) {
    throw asStorageError(error, folder);
  }
}
