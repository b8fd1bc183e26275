import {
  add,
  divide,
  exponential,
  logarithm,
  multiply,
  stopGradient,
  subtract,
} from '../graph/operators/elementwise.ts';
import { argMax, gatherElements } from '../graph/operators/indexing.ts';
import { reduceMax, sumAll } from '../graph/operators/reduction.ts';
import { contrastiveRows, excluded, feedContrastive, weightedPositives } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * Decoupled InfoNCE (Yeh et al. 2022): the denominator excludes a question's own answers,
 * log Σ_negatives exp(s/τ) − Σ_a target(a) · s(q, a)/τ. A question without negatives teaches nothing.
 */
export const decoupledInfonce: Loss<'decoupled_infonce'> = {
  name: 'decoupled_infonce',
  title: 'Decoupled InfoNCE',
  description: 'As InfoNCE, but a right answer is still pulled closer when it is already ahead of all wrong ones.',
  fits: 'Small batches, in which the gradient of InfoNCE soon becomes small.',
  build: (embeddings, { temperature }) => {
    const { similarity, cell } = contrastiveRows(embeddings);
    const logits = divide(similarity, temperature);
    const wrong = add(logits, multiply(subtract(1, cell('negatives')), excluded));
    const highest = stopGradient(reduceMax(wrong, [-1]));
    const denominator = add(logarithm(reduceSum(exponential(subtract(wrong, highest)), [-1])), highest);
    const target = cell('target');
    const all = add(logits, multiply(subtract(1, cell('competes')), excluded));
    return {
      loss: add(
        sumAll(multiply(target, subtract(denominator, logits))),
        embeddings.graph.input('loss.target_entropy', 'float32', []),
      ),
      metrics: { acc: sumAll(gatherElements(cell('credit'), argMax(all))) },
    };
  },
  feed: (batch) => {
    const pairs = pairsOf(batch);
    const hasNegatives = (row: Pair): boolean =>
      pairs.pairs.some((column) => column.group !== row.group && !pairs.falseNegatives.masks(row, column));
    const anchors = weightedPositives(pairs, (members) => members.map(() => 1)).map((anchor) =>
      hasNegatives(anchor.pair) ? anchor : { ...anchor, weight: 0 },
    );
    return feedContrastive(pairs, anchors, 'cross-entropy', { feedNegatives: true });
  },
};
