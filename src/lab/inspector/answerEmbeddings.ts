import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import { formatCount, formatMemory } from '../../shared/format.ts';
import { firstNonFinite } from '../base/nonFinite.ts';
import { cachedTokenizeCorpus } from '../text/tokenCache.ts';
import { readEmbeddings, writeEmbeddings } from './embeddingFile.ts';
import type { InspectedSplit, SearchedAnswers } from '../evaluation/inspectedSplit.ts';
import type { OpenEncoder } from '../training/openEncoder.ts';

export interface EmbeddingOptions {
  /** Folder for what can be computed again. */
  readonly cache: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (message: string, done: number, total: number) => void;
}

/** Of the files of all encoders together. */
const diskBytes = 4 * 2 ** 30;
/** What one array of bytes can hold, header included. */
const largestBytes = 2 ** 31 - 1024;

/**
 * Embeddings of the searched texts, [texts, dimension], in their order: from the cache, else computed and kept there.
 * Throws a `data` LabError where they are too many, an `encoder` LabError where one is no number, and the reason of `signal`.
 */
export async function answerEmbeddings(
  split: InspectedSplit,
  answers: SearchedAnswers,
  encoder: OpenEncoder,
  options: EmbeddingOptions,
): Promise<Float32Array> {
  const { embedder, finished, hash } = encoder;
  const [rows, { dimension }] = [answers.texts.length, embedder];
  requireFitting(rows, dimension);
  const folder = join(options.cache, 'embeddings');
  const description = { key: keyOf(split, answers, hash), rows, dimension };
  const known = readEmbeddings(folder, description);
  if (known) return known;
  const { store: tokens } = await cachedTokenizeCorpus(
    split.corpus.texts,
    finished.tokenizer,
    finished.maxLength,
    join(options.cache, 'tokens'),
    {
      onProgress: (done, total) => options.onProgress('Tokenising', done, total),
      signal: options.signal,
    },
  );
  const embeddings = await embedder.embedTokens(
    answers.texts.map((text) => tokens.ids(text)),
    (done) => {
      options.signal?.throwIfAborted();
      options.onProgress('Encoding the answers', done, rows);
    },
  );
  tokens.close();
  requireFinite(embeddings);
  writeEmbeddings(folder, description, embeddings, diskBytes);
  return embeddings;
}

function keyOf({ corpus }: InspectedSplit, { texts }: SearchedAnswers, encoder: string): string {
  const hash = createHash('sha256').update(`${encoder} ${texts.length}\n`);
  // The length goes first, so that no two lists of texts hash alike by running together.
  for (const text of texts) hash.update(`${corpus.texts[text]!.length} ${corpus.texts[text]!}`);
  return hash.digest('hex');
}

function requireFitting(rows: number, dimension: number): void {
  if (4 * rows * dimension <= largestBytes) return;
  throw new LabError(
    'data',
    `The embeddings of ${formatCount(rows)} answers take ${formatMemory(4 * rows * dimension)}, more than can be kept in memory at once.`,
    'Search the answers of the test questions only.',
  );
}

function requireFinite(embeddings: Float32Array): void {
  const broken = firstNonFinite(embeddings);
  if (broken !== undefined)
    throw new LabError(
      'encoder',
      `The embeddings of the encoder contain ${broken}, so answers cannot be ranked.`,
      'Train it with a lower learning_rate, or with max_gradient_norm.',
    );
}
