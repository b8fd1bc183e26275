import { add, exponential, multiply } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { pairsOf, type Loss } from './loss.ts';
import { HostMatrix } from './matrix.ts';
import { buildSymmetric, feedSymmetric } from './symmetric.ts';

/**
 * Symmetric InfoNCE plus hard_negative_weight · mean of exp(similarity / temperature) over the hard
 * negatives: ordered pairs of different rows of the same question.
 */
export const hardNegative: Loss<'hard_negative'> = {
  name: 'hard_negative',
  title: 'InfoNCE with hard negatives',
  description: 'As symmetric InfoNCE, and pushes a question away from the other answers to it.',
  fits: 'Questions whose lower-ranked answers are wrong rather than merely less good.',
  build: (embeddings, { temperature, hard_negative_weight }) => {
    const { logits, loss, metrics } = buildSymmetric(embeddings, temperature);
    const share = embeddings.graph.input('loss.hard_negatives', 'float32', ['pairs', 'pairs']);
    const penalty = sumAll(multiply(share, exponential(logits)));
    return { loss: add(loss, multiply(penalty, hard_negative_weight)), metrics };
  },
  feed: (batch) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const isHard = (row: number, column: number): boolean => row !== column && pairs[row]!.group === pairs[column]!.group;
    let count = 0;
    pairs.forEach((_, row) => pairs.forEach((__, column) => (count += Number(isHard(row, column)))));
    const share = new HostMatrix(pairs.length, pairs.length);
    pairs.forEach((_, row) => pairs.forEach((__, column) => isHard(row, column) && share.set(row, column, 1 / count)));
    return { inputs: { ...feedSymmetric(pairBatch), 'loss.hard_negatives': share.tensor() }, metrics: { hard_neg_count: count } };
  },
};
