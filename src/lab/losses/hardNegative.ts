import { add, exponential, multiply } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { HostMatrix } from './matrix.ts';
import { Negatives } from './negatives.ts';
import { buildSymmetric, feedSymmetric } from './symmetric.ts';

/**
 * Symmetric InfoNCE plus hard_negative_weight · mean of exp(similarity / temperature) over the hard
 * negatives: ordered pairs of different rows of the same question.
 */
export const hardNegative: Loss<'hard_negative'> = {
  name: 'hard_negative',
  title: 'InfoNCE with hard negatives',
  description: 'As symmetric InfoNCE, but also pushes a question away from its other answers.',
  fits: 'Questions whose lower-ranked answers are wrong, not only less good.',
  build: (embeddings, { temperature, hard_negative_weight }) => {
    const { logits, loss, metrics } = buildSymmetric(embeddings, temperature);
    const share = embeddings.graph.input('loss.hard_negatives', 'float32', ['pairs', 'pairs']);
    const penalty = sumAll(multiply(share, exponential(logits)));
    return { loss: add(loss, multiply(penalty, hard_negative_weight)), metrics };
  },
  feed: (batch, { hard_negative_weight }) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const negatives = new Negatives(pairBatch);
    const isHard = (row: number, column: number): boolean =>
      row !== column && (hard_negative_weight === 0 || negatives.admit(pairs[row]!, pairs[column]!));
    const hard = pairsByGroup(pairs).flatMap((own) =>
      own.flatMap((row) => own.filter((column) => isHard(row, column)).map((column) => [row, column] as const)),
    );
    const share = new HostMatrix(pairs.length, pairs.length);
    for (const [row, column] of hard) share.set(row, column, 1 / hard.length);
    const inputs = { ...feedSymmetric(pairBatch, negatives), 'loss.hard_negatives': share.tensor() };
    return { inputs, metrics: { hard_neg_count: hard.length }, negatives: negatives.figures };
  },
};
