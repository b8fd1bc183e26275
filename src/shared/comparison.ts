import type { Configuration } from './configuration.ts';
import type { Evaluation, RunFailure, RunState } from './history.ts';
import type { MetricName } from './metrics.ts';
import type { Recipe } from './recipe.ts';

/**
 * Runs side by side: what tables, charts and exports are made of. The untrained encoder comes
 * first, because a loss that does not improve on it has taught nothing.
 */

/** The metric that orders runs and that the verdict rests on. */
export const verdictMetric: MetricName = 'mrr@10';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

export interface Baseline {
  /** `untrained`, numbered when there are several. */
  readonly name: string;
  /** Ids of the runs that began from it. */
  readonly runs: readonly string[];
  readonly metrics: MetricValues;
}

export interface BestValue {
  readonly value: number;
  readonly step: number;
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
  readonly evaluations: readonly Evaluation[];
}

export interface Comparison {
  /** The metrics that any run has, in the order in which tables show them. */
  readonly metrics: readonly MetricName[];
  readonly baselines: readonly Baseline[];
  /** By their best `mrr@10`, highest first; runs without one last. */
  readonly runs: readonly ComparedRun[];
  /** What makes runs hard to compare, in words. */
  readonly warnings: readonly string[];
}
