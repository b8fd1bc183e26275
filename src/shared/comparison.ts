import type { Configuration } from './configuration.ts';
import type { Compute } from './compute.ts';
import type { Evaluation, RunFailure, RunHashes, RunState } from './history.ts';
import type { MetricName } from './metrics.ts';
import type { Recipe } from './recipe.ts';
import type { Spread } from './spread.ts';

/**
 * Runs side by side: what tables, charts and exports are made of. The untrained encoder comes
 * first, because a loss that does not improve on it has taught nothing.
 */

/** Of a run: what must be equal for two runs to be comparable. */
export const hashNames = [
  'dataset',
  'split',
  'plan',
  'weights',
  'tokenizer',
] as const satisfies readonly (keyof RunHashes)[];

/** The metric that orders runs and that the verdict rests on. */
export const verdictMetric: MetricName = 'mrr@10';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;
export type MetricSpreads = Readonly<Partial<Record<MetricName, Spread>>>;

export interface Baseline {
  /** `untrained`, numbered when there are several. */
  readonly name: string;
  /** Ids of the runs that began from it. */
  readonly runs: readonly string[];
  readonly metrics: MetricValues;
}

/** The untrained encoders of runs that differ in their seed, as one. */
export interface UntrainedEncoder {
  /** `untrained`, numbered when there are several. */
  readonly name: string;
  /** Ids of the runs that began from it. */
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  readonly metrics: MetricSpreads;
}

export interface BestValue {
  readonly value: number;
  readonly step: number;
}

/** An evaluation with what the run had spent by then. */
export interface ComparedEvaluation extends Evaluation {
  readonly compute: Compute;
}

export interface ComparedRun {
  readonly id: string;
  /** With what tells it apart where runs of the comparison share a name. */
  readonly name: string;
  /** Id of its experiment. */
  readonly experiment: string;
  readonly dataset: string;
  readonly configuration: Configuration;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly state: RunState;
  readonly failure: RunFailure | null;
  readonly device: 'cpu' | 'webgpu' | null;
  /** Trainable numbers of the encoder. */
  readonly parameters: number | null;
  readonly training_seconds: number;
  readonly peak_memory_bytes: number | null;
  readonly steps_done: number;
  /** Null until training has started. */
  readonly steps_per_epoch: number | null;
  /** Null where the untrained encoder was not evaluated. */
  readonly baseline: Baseline | null;
  /** Each metric at its own best evaluation, the untrained encoder not counted. */
  readonly best: Readonly<Partial<Record<MetricName, BestValue>>>;
  /** All metrics at the last evaluation. */
  readonly last: MetricValues;
  /** All evaluations, the untrained encoder's included. */
  readonly evaluations: readonly ComparedEvaluation[];
  /** What must be equal for runs to be comparable; null until training has started. */
  readonly hashes: RunHashes | null;
  /** Distinct texts encoded in a step, mean over the run's steps; null where it was not recorded. */
  readonly texts_per_step: number | null;
  /** Texts that the loss pushes away from a question, mean over the run's steps; null where it was not recorded. */
  readonly negatives_per_question: number | null;
}

/** Evaluations of a recipe's runs at one step. */
export interface RecipeEvaluation {
  /** 0 is the untrained encoder. */
  readonly step: number;
  readonly epoch: number;
  /** What the runs had spent by then, on average. */
  readonly compute: Compute;
  readonly metrics: MetricSpreads;
}

/** Runs of one experiment that differ in their seed only. */
export interface ComparedRecipe {
  /** With what tells it apart where recipes of the comparison share a name. */
  readonly name: string;
  /** Ids, by seed. */
  readonly runs: readonly string[];
  readonly seeds: readonly number[];
  readonly best: MetricSpreads;
  readonly last: MetricSpreads;
  readonly training_seconds: Spread | null;
  readonly texts_per_step: Spread | null;
  readonly negatives_per_question: Spread | null;
  /** At every step at which any of the runs was evaluated. */
  readonly evaluations: readonly RecipeEvaluation[];
  /** Among the recipes in the order in which their runs were asked for: decides how it is drawn. */
  readonly place: number;
}

export interface Comparison {
  /** The metrics that any run has, in the order in which tables show them. */
  readonly metrics: readonly MetricName[];
  readonly baselines: readonly Baseline[];
  /** By their best `mrr@10`, highest first; runs without one last. */
  readonly runs: readonly ComparedRun[];
  /** By their mean `mrr@10` at the last evaluation, highest first; recipes without one last. */
  readonly recipes: readonly ComparedRecipe[];
  /** What recipes began from: `baselines`, with the seeds of each as one. */
  readonly untrained: readonly UntrainedEncoder[];
  /** What makes runs hard to compare, in words. */
  readonly warnings: readonly string[];
  /** In what recipes differ by what they are, which is to be known when their figures are read. */
  readonly notes: readonly string[];
}

/** BM25 on the test questions of runs: a ranking without any model. It takes seconds, and so is no part of a comparison. */
export interface Bm25Baseline {
  /** `BM25`, numbered when there are several. */
  readonly name: string;
  /** Ids of the runs that were tested on these questions. */
  readonly runs: readonly string[];
  /** Of the full-corpus metrics; null where `missing` says why. */
  readonly metrics: MetricValues | null;
  readonly missing: string | null;
}
