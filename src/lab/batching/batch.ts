import type { FalseNegatives } from './falseNegatives.ts';
import type { Pair } from './pair.ts';

/**
 * A batch is the set of its distinct texts and relations over them. Each text is encoded once per
 * step, whatever the strategy; relations name texts by their position in `texts`.
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
  /** Ids of the questions that take part, by group. */
  readonly questionIds: readonly string[];
  /** Questions and answers that take part, duplicates counted: what a run reports as documents. */
  readonly documents: number;
}

export interface PairBatch extends BatchBase {
  readonly kind: 'pairs';
  /** Whether a pair's answer competes with every answer of the batch or of its own question only. */
  readonly scope: 'batch' | 'question';
  readonly pairs: readonly Pair[];
  readonly falseNegatives: FalseNegatives;
}

export interface TripletBatch extends BatchBase {
  readonly kind: 'triplets';
  readonly triplets: readonly Triplet[];
  /** How many of its negatives were false ones as they were first drawn; where those are masked, none is left. */
  readonly falseDraws: number;
}

export type Batch = PairBatch | TripletBatch;
