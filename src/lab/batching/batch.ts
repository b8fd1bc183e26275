import type { FalseNegatives } from './falseNegatives.ts';
import type { Pair } from './pair.ts';

/**
 * A batch is the set of its distinct texts and relations over them. Each text is encoded once per step with every
 * strategy; relations name texts by their position in `texts`.
 */

export interface Triplet {
  readonly question: number;
  readonly positive: number;
  readonly negative: number;
  readonly group: number;
}

interface BatchBase {
  /** Corpus indices of the distinct texts, in order of first use. */
  readonly texts: readonly number[];
  /** Ids of the selected questions, by group. */
  readonly questionIds: readonly string[];
  /** Number of selected questions and answers, including duplicates; a run reports it as documents. */
  readonly documents: number;
}

export interface PairBatch extends BatchBase {
  readonly kind: 'pairs';
  /** Whether a pair's answer competes with every answer of the batch, or only with answers of its own question. */
  readonly scope: 'batch' | 'question';
  readonly pairs: readonly Pair[];
  readonly falseNegatives: FalseNegatives;
}

export interface TripletBatch extends BatchBase {
  readonly kind: 'triplets';
  readonly triplets: readonly Triplet[];
  /** Number of false negatives that were drawn first; if they are masked, none of them remains. */
  readonly falseDraws: number;
}

export type Batch = PairBatch | TripletBatch;
