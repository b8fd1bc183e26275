import type { Configuration, EncoderConfiguration } from '../../shared/configuration.ts';
import { createHash } from 'node:crypto';
import { LabError } from '../../shared/errors.ts';
import { bytesOf } from '../encoders/safetensors.ts';
import { readEncoderFolder, type FinishedEncoder } from '../encoders/encoderFolder.ts';
import { prepareRun } from './prepare.ts';
import { TextEmbedder } from '../encoders/textEmbedder.ts';

/** Where the encoder of a column comes from: what a finished run has left, or what a run began from, made again. */
export type EncoderSource =
  | { readonly kind: 'finished'; readonly folder: string; readonly configuration: EncoderConfiguration }
  /** `weights` is the hash that the run has stored of them. */
  | { readonly kind: 'untrained'; readonly configuration: Configuration; readonly weights: string | null };

/** An encoder that is ready to encode, on the CPU: queries are single texts, and no trainer is to be disturbed. */
export interface OpenEncoder {
  readonly embedder: TextEmbedder;
  readonly finished: FinishedEncoder;
  /** Equal for encoders that give equal embeddings. */
  readonly hash: string;
  /** Of its weights. */
  readonly bytes: number;
}

/** Where the data that an untrained encoder is made from lies. */
export interface EncoderContext {
  /** Folder of the dataset. */
  readonly dataset: string;
  /** Folder for what can be computed again. */
  readonly cache: string;
  readonly signal: AbortSignal | undefined;
}

/** Throws a LabError where the encoder is no longer what it was, or cannot be made again. */
export async function openEncoder(source: EncoderSource, context: EncoderContext): Promise<OpenEncoder> {
  const finished =
    source.kind === 'finished'
      ? readEncoderFolder(source.folder, source.configuration)
      : await untrainedEncoder(source, context);
  const weights = [...finished.weights.values()];
  return {
    embedder: await TextEmbedder.create(finished, 'cpu'),
    finished,
    hash: hashOf(finished),
    bytes: weights.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

/** Vocabulary and weights as the run found them, from the same data, settings and seed. */
async function untrainedEncoder(
  { configuration, weights }: Extract<EncoderSource, { kind: 'untrained' }>,
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
    'The untrained encoder cannot be made again: its initial weights differ from those that the run began with.',
    'It was trained by another version of LossLab, or the tokenizer or the weights that it began from have changed.',
  );
}

function hashOf({ encoder, weights, tokenizer, maxLength }: FinishedEncoder): string {
  const hash = createHash('sha256').update(JSON.stringify([encoder.config, tokenizer.hash, maxLength]));
  for (const [name, values] of weights) hash.update(`${name}\n`).update(bytesOf(values));
  return hash.digest('hex');
}
