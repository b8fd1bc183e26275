import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { EmbeddingMap } from '../../shared/contract/map.ts';
import { LabError } from '../../shared/errors.ts';
import { formatBeginning } from '../../shared/format.ts';
import type { Progress } from '../../shared/progress.ts';
import { InspectedSplit } from '../evaluation/inspectedSplit.ts';
import { openEncoder, type OpenEncoder } from '../training/openEncoder.ts';
import { firstNonFinite } from '../base/nonFinite.ts';
import { similaritiesBy, similaritySession } from '../evaluation/similaritySession.ts';
import type { MapJob } from './job.ts';
import { fewestPoints, layOut, neighbourCount } from './layout.ts';
import { readLayout, writeLayout } from './layoutFile.ts';
import { nearestNeighbours, type Neighbours } from './neighbours.ts';
import { alignTo } from './procrustes.ts';
import { sampleQuestions, type SampledPoint } from './sample.ts';

/** Points of a map at most: more are neither told apart by eye nor laid out in seconds. */
const mostPoints = 2000;
/** Characters of a text that a map carries. */
const shownCharacters = 300;
/** Raised when sample, neighbours or layout change. */
const version = 1;

type Report = (progress: Progress) => void;

/**
 * The map of a job's test questions under its runs. The first run is laid out by itself; the second begins where the first
 * ended and is aligned with it, so that what lies elsewhere has moved. Layouts are kept in the cache. Throws a LabError where data or encoders are
 * not there as they were, or there are too few texts.
 */
export async function makeMap({ data, runs, cache }: MapJob, report: Report): Promise<EmbeddingMap> {
  report({ message: 'Reading the dataset', done: 0, total: 1 });
  const split = await InspectedSplit.open(data);
  const sampled = sampleQuestions(split.testQuestions, mostPoints);
  requireEnough(sampled);
  const layouts: { readonly key: string; readonly positions: Float32Array }[] = [];
  for (const { name, encoder: source } of runs) {
    const told = (message: string, done = 0, total = 1): void =>
      report({ message: `${name}: ${message}`, done, total });
    told('Opening the encoder');
    const encoder = await openEncoder(source, { dataset: data.folder, cache, signal: undefined });
    layouts.push(
      await layoutOf(split, sampled, encoder, { folder: join(cache, 'maps'), before: layouts.at(-1) ?? null, told }),
    );
    await encoder.embedder.dispose();
  }
  return {
    dataset: split.name,
    testQuestions: split.testQuestions.length,
    points: sampled.map(({ text, ...point }) => ({
      ...point,
      text: formatBeginning(split.corpus.texts[text]!, shownCharacters),
    })),
    layouts: runs.map(({ encoder: _, ...run }, i) => ({ ...run, positions: layouts[i]!.positions })),
  };
}

interface LayoutOptions {
  /** Of kept layouts. */
  readonly folder: string;
  /** The layout that this one is to lie upon. */
  readonly before: { readonly key: string; readonly positions: Float32Array } | null;
  readonly told: (message: string, done?: number, total?: number) => void;
}

async function layoutOf(
  split: InspectedSplit,
  sampled: readonly SampledPoint[],
  encoder: OpenEncoder,
  { folder, before, told }: LayoutOptions,
): Promise<{ key: string; positions: Float32Array }> {
  const texts = sampled.map(({ text }) => split.corpus.texts[text]!);
  const key = createHash('sha256')
    .update(JSON.stringify([version, encoder.hash, before?.key ?? null, texts]))
    .digest('hex');
  const known = readLayout(folder, key, sampled.length);
  if (known) return { key, positions: known };
  const neighbours = await neighboursOf(texts, encoder, told);
  const laidOut = layOut(neighbours, before?.positions ?? null, (done, total) => told('Laying out', done, total));
  const positions = before ? alignTo(before.positions, laidOut) : laidOut;
  writeLayout(folder, key, positions);
  return { key, positions };
}

async function neighboursOf(
  texts: readonly string[],
  { embedder, finished: { tokenizer, maxLength } }: OpenEncoder,
  told: LayoutOptions['told'],
): Promise<Neighbours> {
  const tokens = texts.map((text) => tokenizer.encode(text, maxLength));
  const embeddings = await embedder.embedTokens(tokens, (done) => told('Encoding', done, texts.length));
  if (firstNonFinite(embeddings) !== undefined)
    throw new LabError(
      'encoder',
      'The embeddings of the encoder are not finite numbers, so they cannot be laid out.',
      'Train it with a lower learning_rate, or with max_gradient_norm.',
    );
  told('Finding neighbours');
  const product = await similaritySession(embedder.dimension);
  try {
    return await nearestNeighbours(embeddings, embedder.dimension, neighbourCount, similaritiesBy(product));
  } finally {
    await product.dispose();
  }
}

function requireEnough(sampled: readonly SampledPoint[]): void {
  if (sampled.length >= fewestPoints) return;
  throw new LabError(
    'data',
    `The test questions and their answers are ${sampled.length} texts; a map needs ${fewestPoints} or more.`,
    'Use more data, or a larger test_size.',
  );
}
