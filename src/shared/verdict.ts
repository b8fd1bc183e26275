import type { ComputeUnit } from './compute.ts';
import type { MetricName } from './metrics.ts';

/** Which recipe is best on a dataset, by how much, and whether the difference could be chance. */

/**
 * Where runs are compared: at their last evaluation, at the best of each (optimistic, because it is chosen on the same
 * questions), or at the last one within a common budget.
 */
export type VerdictPoint = { readonly at: 'last' | 'best' } | { readonly at: ComputeUnit; readonly limit: number };

/** A recipe with all its seeds, or a baseline. */
export interface Contestant {
  readonly kind: 'recipe' | 'untrained' | 'bm25';
  readonly name: string;
  /** The runs of a recipe: one per seed. */
  readonly runs: readonly string[];
  /** Mean over questions and seeds. */
  readonly mean: number;
  /** One mean per compared seed, ascending by seed. */
  readonly bySeed: readonly { readonly seed: number; readonly value: number }[];
  /** Sample standard deviation over seeds; null for one seed. */
  readonly deviation: number | null;
}

/** Two contestants on the same questions. */
export interface PairVerdict {
  /** Positions in `Verdict.contestants`; `a` < `b`, so `a` has the higher or the same mean. */
  readonly a: number;
  readonly b: number;
  /** Mean of a − b. */
  readonly difference: number;
  /** 95 % interval of that mean, by paired bootstrap. */
  readonly low: number;
  readonly high: number;
  /** Two-sided randomisation test. */
  readonly p: number;
  /** `p`, corrected for the number of pairs (Holm). */
  readonly adjustedP: number;
  /** Whether `adjustedP` is below 0.05. */
  readonly detectable: boolean;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** The mean of a − b with each seed alone. */
  readonly bySeed: readonly { readonly seed: number; readonly difference: number }[];
}

export interface Verdict {
  readonly metric: MetricName;
  readonly point: VerdictPoint;
  /** Number of questions on which all contestants were judged. */
  readonly questions: number;
  readonly seeds: readonly number[];
  /** By mean, highest first. */
  readonly contestants: readonly Contestant[];
  /** Every pair of contestants, in order. */
  readonly pairs: readonly PairVerdict[];
  /** Sentences, the answer first. */
  readonly sentences: readonly string[];
  /** What makes the comparison less fair, as text. */
  readonly warnings: readonly string[];
  /** The parameters in which recipes differ. */
  readonly notes: readonly string[];
}
