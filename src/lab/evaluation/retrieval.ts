import { LabError } from '../../shared/errors.ts';
import { firstNonFinite } from '../base/nonFinite.ts';
import { accuracy, averagePrecision, gradedNdcg, recall, reciprocalRank } from './metrics.ts';
import type { SimilarityProduct } from './similarity.ts';
import { TopDocuments } from './topDocuments.ts';

/** Evaluation on a collection: every query against every document, judged by degrees of relevance. */

export const retrievalMetricNames = [
  'mrr@10',
  'ndcg@10',
  'map@100',
  'recall@1',
  'recall@5',
  'recall@10',
  'recall@100',
  'accuracy@1',
  'accuracy@3',
  'accuracy@5',
  'accuracy@10',
] as const;
export type RetrievalMetric = (typeof retrievalMetricNames)[number];
export type RetrievalValues = Readonly<Record<RetrievalMetric, number>>;

interface IdentifiedText {
  readonly id: string;
  readonly text: string;
}

/** Documents, queries and judgements: see `BeirCollection` (data/beir.ts). */
export interface JudgedCollection {
  readonly queries: readonly IdentifiedText[];
  /** By query, then document: its grade. 0 or less means not relevant. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>;
  documents(): AsyncIterable<IdentifiedText>;
}

export interface RankedDocument {
  readonly id: string;
  readonly similarity: number;
}

export interface QueryRetrieval {
  readonly id: string;
  /** Its first 100 documents, best first. */
  readonly ranking: readonly RankedDocument[];
  readonly values: RetrievalValues;
}

export interface Retrieval {
  /** Means over the queries. */
  readonly metrics: RetrievalValues;
  /** Those with a relevant document, in the order of their file. */
  readonly queries: readonly QueryRetrieval[];
  readonly documents: number;
  /** Queries none of whose judged documents is relevant. */
  readonly withoutRelevant: number;
}

export interface RetrievalOptions {
  /** Embeddings of texts, [texts, dimension]. */
  readonly embed: (texts: readonly string[]) => Promise<Float32Array>;
  readonly dimension: number;
  readonly similarities: SimilarityProduct;
  readonly onProgress?: (documents: number) => void;
}

/** Ranks that count: `map@100` and `recall@100` look furthest. */
export const retrievalDepth = 100;
/** Documents embedded and ranked at a time, and similarities held at a time. */
const documentsPerBlock = 2048;
const similaritiesPerBlock = 2 ** 22;

/**
 * Ranks all documents for each query that has a relevant one. Only the ids of documents are kept in memory; texts,
 * embeddings and similarities are processed in blocks. Throws a `data` LabError if no query has a relevant document,
 * and a `training` LabError for embeddings that are not numbers.
 */
export async function evaluateRetrieval(
  collection: JudgedCollection,
  { embed, dimension, similarities, onProgress }: RetrievalOptions,
): Promise<Retrieval> {
  const queries = collection.queries.filter(({ id }) => relevantGrades(gradesOf(collection, id)).length > 0);
  if (queries.length === 0) {
    throw new LabError(
      'data',
      `None of the ${collection.queries.length} judged queries has a relevant document (a score above 0).`,
      'Check the scores of the judgements.',
    );
  }
  const asked = requireFinite(await embed(queries.map(({ text }) => text)));
  const ids: string[] = [];
  const top = new TopDocuments(queries.length, retrievalDepth, (document) => ids[document]!);
  for await (const block of blocksOf(collection.documents(), documentsPerBlock)) {
    const first = ids.length;
    for (const { id } of block) ids.push(id);
    await rankBlock(
      top,
      similarities(asked, requireFinite(await embed(block.map(({ text }) => text))), dimension),
      queries.length,
      block.length,
      first,
    );
    onProgress?.(ids.length);
  }
  const results = queries.map(({ id }, query) => {
    const ranking = top.ofQuery(query);
    return { id, ranking, values: measure(ranking, gradesOf(collection, id)) };
  });
  return {
    metrics: meansOf(results),
    queries: results,
    documents: ids.length,
    withoutRelevant: collection.queries.length - queries.length,
  };
}

/** The measures of one query, from its ranking and the grades of its judged documents. */
export function measure(
  ranking: readonly { readonly id: string }[],
  grades: ReadonlyMap<string, number>,
): RetrievalValues {
  const found = ranking.flatMap(({ id }, index) => {
    const grade = grades.get(id) ?? 0;
    return grade > 0 ? [{ rank: index + 1, grade }] : [];
  });
  const relevant = relevantGrades(grades);
  // Relevant documents beyond the ranking have no rank.
  const ranks = [...found.map(({ rank }) => rank), ...new Array<number>(relevant.length - found.length).fill(Infinity)];
  return {
    'mrr@10': reciprocalRank(ranks, 10),
    'ndcg@10': gradedNdcg(found, relevant, 10),
    'map@100': averagePrecision(ranks, 100),
    'recall@1': recall(ranks, 1),
    'recall@5': recall(ranks, 5),
    'recall@10': recall(ranks, 10),
    'recall@100': recall(ranks, 100),
    'accuracy@1': accuracy(ranks, 1),
    'accuracy@3': accuracy(ranks, 3),
    'accuracy@5': accuracy(ranks, 5),
    'accuracy@10': accuracy(ranks, 10),
  };
}

async function rankBlock(
  top: TopDocuments,
  rows: ReturnType<SimilarityProduct>,
  queries: number,
  documents: number,
  first: number,
): Promise<void> {
  const step = Math.max(1, Math.floor(similaritiesPerBlock / documents));
  for (let start = 0; start < queries; start += step) {
    const end = Math.min(start + step, queries);
    const block = await rows(start, end);
    for (let query = start; query < end; query++)
      top.offer(query, block.subarray((query - start) * documents, (query - start + 1) * documents), first);
  }
}

function gradesOf({ judgements }: JudgedCollection, query: string): ReadonlyMap<string, number> {
  return judgements.get(query) ?? new Map<string, number>();
}

function relevantGrades(grades: ReadonlyMap<string, number>): number[] {
  return [...grades.values()].filter((grade) => grade > 0);
}

async function* blocksOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[], void> {
  let block: T[] = [];
  for await (const item of items) {
    if (block.push(item) < size) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

function meansOf(queries: readonly QueryRetrieval[]): RetrievalValues {
  const mean = (name: RetrievalMetric): number =>
    queries.reduce((sum, { values }) => sum + values[name], 0) / queries.length;
  return Object.fromEntries(retrievalMetricNames.map((name) => [name, mean(name)])) as RetrievalValues;
}

function requireFinite(embeddings: Float32Array): Float32Array {
  const broken = firstNonFinite(embeddings);
  if (broken === undefined) return embeddings;
  throw new LabError(
    'training',
    `The embeddings of the encoder contain ${broken}: they cannot be evaluated.`,
    'Train it with a lower learning_rate, or with max_gradient_norm.',
  );
}
