import { termsOf, type Analyzer } from './analyzers.ts';

/**
 * BM25 (Robertson and Zaragoza 2009) as Lucene computes it, over the terms of an analyzer. It ranks without a model: a
 * trained encoder has to do better.
 */

/** Saturation of term frequency, and strength of the correction for document length: Lucene's defaults. */
const k1 = 1.2;
const b = 0.75;

/** The documents in which a word occurs, ascending, and its weight in each. */
interface Postings {
  readonly documents: number[];
  readonly weights: number[];
}

export class Bm25 {
  readonly size: number;
  readonly #postings = new Map<string, Postings>();

  readonly #terms: (text: string) => string[];

  constructor(documents: readonly string[], analyzer: Analyzer) {
    this.size = documents.length;
    this.#terms = termsOf(analyzer);
    const words = documents.map(this.#terms);
    const meanLength = words.reduce((sum, { length }) => sum + length, 0) / documents.length;
    words.forEach((own, document) => {
      const penalty = k1 * (1 - b + (b * own.length) / meanLength);
      for (const [word, count] of counted(own)) this.#add(word, document, count / (count + penalty));
    });
    for (const { documents: found, weights } of this.#postings.values()) {
      const rarity = Math.log(1 + (this.size - found.length + 0.5) / (found.length + 0.5));
      weights.forEach((weight, i) => (weights[i] = rarity * weight));
    }
  }

  #add(word: string, document: number, weight: number): void {
    const known = this.#postings.get(word);
    if (known) {
      known.documents.push(document);
      known.weights.push(weight);
    } else this.#postings.set(word, { documents: [document], weights: [weight] });
  }

  /** Adds the scores of all documents for a query to `into` [documents]; a word that a query repeats counts as often. */
  addScores(query: string, into: Float32Array): void {
    for (const [word, count] of counted(this.#terms(query))) {
      const postings = this.#postings.get(word);
      if (!postings) continue;
      const { documents, weights } = postings;
      for (let i = 0; i < documents.length; i++) into[documents[i]!]! += count * weights[i]!;
    }
  }
}

function counted(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
