import type { Analyzer } from '../evaluation/analyzers.ts';
import { Bm25 } from '../evaluation/bm25.ts';
import { similaritiesBy, similaritySession } from '../evaluation/similaritySession.ts';
import type { Session } from '../engine/session.ts';
import type { InspectedSplit, SearchedAnswers } from '../evaluation/inspectedSplit.ts';
import type { OpenEncoder } from '../training/openEncoder.ts';

/** Scores of all searched documents for a query, [documents]: the higher, the better. */
export type Ranker = (query: string) => Promise<Float32Array>;

/** The product of the evaluation, one session for each length of embedding. */
export class Products {
  readonly #sessions = new Map<number, Promise<Session>>();

  session(dimension: number): Promise<Session> {
    const known = this.#sessions.get(dimension);
    if (known) return known;
    const made = similaritySession(dimension);
    this.#sessions.set(dimension, made);
    return made;
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }
}

/** Cosines: embeddings have length 1. `embeddings` are those of `answers.texts`. */
export function embeddingRanker(
  { embedder }: OpenEncoder,
  embeddings: Float32Array,
  { rowOf }: SearchedAnswers,
  products: Products,
): Ranker {
  return async (query) => {
    const [asked, session] = await Promise.all([embedder.embed([query]), products.session(embedder.dimension)]);
    const byText = await similaritiesBy(session)(asked, embeddings, embedder.dimension)(0, 1);
    const row = new Float32Array(rowOf.length);
    for (let document = 0; document < row.length; document++) row[document] = byText[rowOf[document]!]!;
    return row;
  };
}

/** With the analyzer of the evaluation. */
export function bm25Ranker({ corpus }: InspectedSplit, { documents }: SearchedAnswers, analyzer: Analyzer): Ranker {
  const bm25 = new Bm25(
    documents.map(({ text }) => corpus.texts[text]!),
    analyzer,
  );
  return (query) => {
    const row = new Float32Array(documents.length);
    bm25.addScores(query, row);
    return Promise.resolve(row);
  };
}
