import type { Configuration, EncoderConfiguration } from '../../shared/configuration.ts';
import { createHash } from 'node:crypto';
import { LabError } from '../../shared/errors.ts';
import { bytesOf } from '../encoders/safetensors.ts';
import { readEncoderFolder, type FinishedEncoder } from '../encoders/encoderFolder.ts';
import { prepareRun } from './prepare.ts';
import { TextEmbedder } from '../encoders/textEmbedder.ts';

/** The source of an encoder: the result of a finished run, or the untrained encoder of a run, built again. */
export type EncoderSource =
  | { readonly kind: 'finished'; readonly folder: string; readonly configuration: EncoderConfiguration }
  /** `weights` is the hash that the run stored. */
  | { readonly kind: 'untrained'; readonly configuration: Configuration; readonly weights: string | null };

/** An encoder ready to encode. It uses the CPU, because queries are single texts and training must not be disturbed. */
export interface OpenEncoder {
  readonly embedder: TextEmbedder;
  readonly finished: FinishedEncoder;
  /** Equal for encoders that give equal embeddings. */
  readonly hash: string;
  /** Hash of its weights. */
  readonly bytes: number;
}

/** The data from which an untrained encoder is built. */
export interface EncoderContext {
  /** Folder of the dataset. */
  readonly dataset: string;
  /** Folder for files that can be computed again. */
  readonly cache: string;
  readonly signal: AbortSignal | undefined;
}

/** Throws a LabError if the encoder has changed or cannot be built again. */
export async function openEncoder(source: EncoderSource, context: EncoderContext): Promise<OpenEncoder> {
  const finished =
    source.kind === 'finished'
      ? readEncoderFolder(source.folder, source.configuration)
      : await buildUntrained(source, context);
  const weights = [...finished.weights.values()];
  return {
    embedder: await TextEmbedder.create(finished, 'cpu'),
    finished,
    hash: hashOf(finished),
    bytes: weights.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

/**
 * Builds vocabulary and weights as in the run, from the same data, settings and seed. Throws an `encoder` LabError if
 * they come out differently.
 */
export async function buildUntrained(
  { configuration, weights }: Pick<Extract<EncoderSource, { kind: 'untrained' }>, 'configuration' | 'weights'>,
  { dataset, cache, signal }: EncoderContext,
): Promise<FinishedEncoder> {
  const job = {
    run: 'inspector',
    configuration,
    dataset,
    folder: cache,
    cache,
    device: 'cpu' as const,
    deviceReason: '',
  };
  const prepared = await prepareRun(job, { phase: () => undefined, notice: () => undefined }, signal);
  if (weights === null || prepared.hashes.weights === weights) return prepared;
  throw new LabError(
    'encoder',
    'The untrained encoder cannot be built again: the initial weights differ from those of the run.',
    'Another version of LossLab trained the run, or its tokenizer or initial weights have changed.',
  );
}

function hashOf({ encoder, weights, tokenizer, maxLength }: FinishedEncoder): string {
  const hash = createHash('sha256').update(JSON.stringify([encoder.config, tokenizer.hash, maxLength]));
  for (const [name, values] of weights) hash.update(`${name}\n`).update(bytesOf(values));
  return hash.digest('hex');
}
