import type { PairBatch } from '../batching/batch.ts';
import { add } from '../graph/operators/elementwise.ts';
import { bestAnswers } from './bestAnswers.ts';
import { buildContrastive, feedContrastive } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { HostMatrix } from './matrix.ts';
import { scaledScores } from './scores.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * InfoNCE in which a question's lower-ranked answers compete together with the answers of all other questions
 * (Karpukhin et al. 2020), each with the weight `hard_negative_weight`. With `use_scores` the weight is multiplied by 1
 * − the votes scaled to 0…1 within the question: fewer votes weigh more.
 */
export const infonceHardNegatives: Loss<'infonce_hard_negatives'> = {
  name: 'infonce_hard_negatives',
  title: 'InfoNCE with in-batch and own negatives',
  description:
    'Each question must find its best answer among all answers of the batch, including its own lower-ranked answers.',
  fits: 'Search that must also separate good answers from poor ones: questions with several answers, of which the lower-ranked are wrong.',
  build: (embeddings, { temperature }) =>
    buildContrastive(embeddings, temperature, (logits, { cell }) => add(logits, cell('log_weights'))),
  feed: (batch, { hard_negative_weight, use_scores }) => {
    const pairs = pairsOf(batch);
    const anchors = bestAnswers(pairs);
    const weights = new Map(
      ownWeights(pairs, use_scores).map((weight, i) => [pairs.pairs[i]!, hard_negative_weight * weight]),
    );
    const isOwn = (row: Pair, column: Pair): boolean => column.group === row.group;
    const feed = feedContrastive(pairs, anchors, 'cross-entropy', {
      competes: (row, column) => !isOwn(row, column) || weights.get(column)! > 0,
    });
    // A column with weight w adds ln w to its logit.
    const logWeights = new HostMatrix(anchors.length, pairs.pairs.length);
    anchors.forEach(({ pair: row }, r) =>
      pairs.pairs.forEach((column, c) => {
        const weight = weights.get(column)!;
        if (isOwn(row, column) && column !== row && weight > 0) logWeights.set(r, c, Math.log(weight));
      }),
    );
    return { ...feed, inputs: { ...feed.inputs, 'loss.log_weights': logWeights.tensor() } };
  },
};

function ownWeights({ pairs }: PairBatch, useScores: boolean): number[] {
  return useScores ? scaledScores(pairs).map((score) => 1 - score) : pairs.map(() => 1);
}
