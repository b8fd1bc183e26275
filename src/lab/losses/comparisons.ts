import type { Tensor } from '../graph/graph.ts';
import { float32 } from '../graph/hostTensor.ts';
import {
  add,
  cast,
  exponential,
  greater,
  logarithm,
  maximum,
  multiply,
  negate,
  rectify,
  subtract,
} from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { reshape } from '../graph/operators/movement.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import type { LossFeed } from './loss.ts';
import { indices } from './matrix.ts';
import type { Negatives } from './negatives.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * Shared by the losses that compare two pairs at a time: the similarity that should be higher minus the other one.
 */
export interface Comparisons {
  /** [comparisons] */
  readonly difference: Tensor;
  /** [comparisons]; 0 for the placeholder in a batch without comparisons. */
  readonly weight: Tensor;
  /** Share of the weight on comparisons with the right order. */
  readonly accuracy: Tensor;
}

export function buildComparisons(embeddings: Tensor): Comparisons {
  const { graph } = embeddings;
  const part = (name: string): Tensor => gatherRows(embeddings, graph.input(`loss.${name}`, 'int32', ['pairs']));
  const similarity = reduceSum(multiply(part('questions'), part('answers')), [-1]);
  const side = (name: string): Tensor => gatherRows(similarity, graph.input(`loss.${name}`, 'int32', ['comparisons']));
  const difference = reshape(subtract(side('better'), side('worse')), ['comparisons']);
  const weight = graph.input('loss.weight', 'float32', ['comparisons']);
  return { difference, weight, accuracy: sumAll(multiply(weight, cast(greater(difference, 0), 'float32'))) };
}

export interface Comparison {
  /** Positions among the pairs. */
  readonly better: number;
  readonly worse: number;
  readonly weight: number;
}

/** A batch without a comparison gets a placeholder with weight 0: a pair compared with itself. */
export function feedComparisons(
  pairs: readonly Pair[],
  comparisons: readonly Comparison[],
  negatives: Negatives,
): LossFeed {
  const fed = comparisons.length > 0 ? comparisons : [{ better: 0, worse: 0, weight: 0 }];
  return {
    inputs: {
      'loss.questions': indices(pairs.map(({ question }) => question)),
      'loss.answers': indices(pairs.map(({ answer }) => answer)),
      'loss.better': indices(fed.map(({ better }) => better)),
      'loss.worse': indices(fed.map(({ worse }) => worse)),
      'loss.weight': float32(
        Float32Array.from(fed, ({ weight }) => weight),
        [fed.length],
      ),
    },
    metrics: {},
    negatives: negatives.figures,
  };
}

/** ln(1 + eˣ), without overflow. Its slope at 0 is also ½, because `maximum` passes its gradient to −x there. */
export function softplus(x: Tensor): Tensor {
  return add(rectify(x), logarithm(add(exponential(negate(maximum(negate(x), x))), 1)));
}
