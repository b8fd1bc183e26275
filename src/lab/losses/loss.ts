import type { LossName, LossParameters } from '../../shared/recipe.ts';
import type { Batch, PairBatch, TripletBatch } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import type { HostTensor } from '../graph/hostTensor.ts';
import type { Operand } from '../graph/operators/elementwise.ts';
import type { NegativeFigures } from './negatives.ts';

/**
 * A loss: its part of the graph of a training step, and its inputs from a batch. Shapes in
 * the loss files: [texts, dimension] are the L2-normalised embeddings of the batch's distinct texts;
 * a similarity is a dot product of two of them, from -1 to 1.
 */
export interface Loss<N extends LossName = LossName> {
  readonly name: N;
  readonly title: string;
  /** A plain sentence: what the loss rewards. */
  readonly description: string;
  /** Plain sentences: which data it fits. */
  readonly fits: string;
  /** Adds loss and batch metrics to the graph of `embeddings`; its inputs are named `loss.*`. */
  build(embeddings: Tensor, parameters: BuildParameters<LossParameters[N]>): LossOutputs;
  /** The inputs that `build` declared, for one batch. */
  feed(batch: Batch, parameters: LossParameters[N]): LossFeed;
}

/** A learned temperature is a scalar of the graph. */
export type BuildParameters<P> = { readonly [K in keyof P]: K extends 'temperature' ? Operand : P[K] };

export interface LossOutputs {
  /** A scalar. */
  readonly loss: Tensor;
  /** Scalars. */
  readonly metrics: Readonly<Record<string, Tensor>>;
}

export interface LossFeed {
  readonly inputs: Readonly<Record<string, HostTensor>>;
  /** Batch metrics that depend only on the batch, such as its number of questions. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What the loss pushes away in this batch: see `Negatives`. */
  readonly negatives: NegativeFigures;
}

export function pairsOf(batch: Batch): PairBatch {
  if (batch.kind !== 'pairs') throw new Error('This loss takes pairs.');
  return batch;
}

export function tripletsOf(batch: Batch): TripletBatch {
  if (batch.kind !== 'triplets') throw new Error('This loss takes triplets.');
  return batch;
}
