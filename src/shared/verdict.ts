import type { ComputeUnit } from './compute.ts';
import type { MetricName } from './metrics.ts';

/** Which recipe is best on a dataset, by how much, and whether that is more than chance. */

/**
 * Where runs are compared: at their last evaluation, at the best of each (chosen on the very
 * questions that it is judged by, and so flattering), or at the last one within a budget that all have.
 */
export type VerdictPoint = { readonly at: 'last' | 'best' } | { readonly at: ComputeUnit; readonly limit: number };

/** A recipe with all its seeds, or what every recipe has to be better than. */
export interface Contestant {
  readonly kind: 'recipe' | 'untrained' | 'bm25';
  readonly name: string;
  /** Of a recipe: one for each seed. */
  readonly runs: readonly string[];
  /** Mean over questions, and over seeds where there are several. */
  readonly mean: number;
  /** Of the seeds that were compared, ascending. */
  readonly bySeed: readonly { readonly seed: number; readonly value: number }[];
  /** Standard deviation (of a sample) over seeds; null where there is one only. */
  readonly deviation: number | null;
}

/** Two contestants on the same questions. */
export interface PairVerdict {
  /** Positions in `Verdict.contestants`; `a` < `b`, so that `a` has the higher mean, or the same. */
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
  /** On which all contestants were judged. */
  readonly questions: number;
  readonly seeds: readonly number[];
  /** By mean, highest first. */
  readonly contestants: readonly Contestant[];
  /** Every two of them, in order. */
  readonly pairs: readonly PairVerdict[];
  /** In plain words, the answer first. */
  readonly sentences: readonly string[];
  /** What makes the comparison less than fair, in words. */
  readonly warnings: readonly string[];
  /** In what recipes differ by what they are. */
  readonly notes: readonly string[];
}
