import type { Tensor } from '../graph/graph.ts';
import {
  add,
  cast,
  greater,
  logicalAnd,
  maximum,
  multiply,
  rectify,
  stopGradient,
  subtract,
  where,
} from '../graph/operators/elementwise.ts';
import { float32 } from '../graph/hostTensor.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { reduceMax, sumAll } from '../graph/operators/reduction.ts';
import { softplus } from './comparisons.ts';
import { pairsOf, type Loss } from './loss.ts';
import { HostMatrix, indices } from './matrix.ts';
import { Negatives } from './negatives.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';

const far = -4; // below every similarity

/**
 * Triplets of each pair and the answers to other questions of the batch (Schroff et al. 2015; Hermans, Beyer and Leibe
 * 2017): with the nearest negative, with the nearest that is farther away than the positive (the nearest of all if
 * there is none), or with all; max(0, s⁻ − s⁺ + margin), or ln(1 + exp(s⁻ − s⁺)) with a soft margin.
 */
export const batchTriplet: Loss<'batch_triplet'> = {
  name: 'batch_triplet',
  title: 'Triplet with in-batch mining',
  description:
    'The answer must be closer to its question than the hardest answers to other questions of the batch, by a margin.',
  fits: 'One good answer per question is enough. The hardest negatives are sometimes right answers that are not marked as right; semi-hard mining avoids most of them.',
  build: (embeddings, { mining, margin, soft_margin }) => {
    const { graph } = embeddings;
    const part = (name: string): Tensor => gatherRows(embeddings, graph.input(`loss.${name}`, 'int32', ['pairs']));
    const [questions, answers] = [part('questions'), part('answers')];
    const similarity = gemm(questions, answers, { transposeB: true });
    const positive = reduceSum(multiply(questions, answers), [-1]);
    const isNegative = graph.input('loss.negatives', 'float32', ['pairs', 'pairs']);
    const share = graph.input('loss.share', 'float32', ['pairs', 1]);
    const penalty = (negative: Tensor): Tensor => {
      const violation = subtract(negative, positive);
      return soft_margin ? softplus(violation) : rectify(add(violation, margin));
    };
    // With a soft margin the loss is never zero.
    const zeroLoss = (penalties: Tensor, shares: Tensor): Record<string, Tensor> =>
      soft_margin ? {} : { zero_loss: sumAll(multiply(subtract(1, cast(greater(penalties, 0), 'float32')), shares)) };
    if (mining === 'all') {
      const penalties = penalty(similarity);
      const shares = multiply(isNegative, graph.input('loss.negative_share', 'float32', ['pairs', 1]));
      return {
        loss: sumAll(multiply(penalties, shares)),
        metrics: { ...figures(positive, nearest(similarity, isNegative), share), ...zeroLoss(penalties, shares) },
      };
    }
    const hardest = nearest(similarity, isNegative);
    const negative = mining === 'hardest' ? hardest : semiHard(similarity, isNegative, positive, hardest);
    const penalties = penalty(negative);
    return {
      loss: sumAll(multiply(penalties, share)),
      metrics: { ...figures(positive, negative, share), ...zeroLoss(penalties, share) },
    };
  },
  feed: (batch) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const negatives = new Negatives(pairBatch);
    const marks = new HostMatrix(pairs.length, pairs.length);
    const counts = pairs.map((row, r) => {
      const columns = [...pairs.keys()].filter((c) => pairs[c]!.group !== row.group && negatives.admit(row, pairs[c]!));
      for (const column of columns) marks.set(r, column, 1);
      return columns.length;
    });
    // A single question in a batch has no negative, and teaches nothing.
    const rows = counts.filter((count) => count > 0).length;
    const shares = counts.map((count) => (count > 0 ? 1 / rows : 0));
    return {
      inputs: {
        'loss.questions': indices(pairs.map(({ question }) => question)),
        'loss.answers': indices(pairs.map(({ answer }) => answer)),
        'loss.negatives': marks.tensor(),
        'loss.share': float32(Float32Array.from(shares), [pairs.length, 1]),
        'loss.negative_share': float32(
          Float32Array.from(shares, (value, i) => (value === 0 ? 0 : value / counts[i]!)),
          [pairs.length, 1],
        ),
      },
      metrics: {},
      negatives: negatives.figures,
    };
  },
};

/** The highest similarity among the marked columns of each row: [pairs, 1]. */
function nearest(similarity: Tensor, marked: Tensor): Tensor {
  return reduceMax(add(similarity, multiply(subtract(1, marked), far)), [-1]);
}

function semiHard(similarity: Tensor, isNegative: Tensor, positive: Tensor, hardest: Tensor): Tensor {
  const farther = cast(logicalAnd(greater(positive, similarity), greater(isNegative, 0)), 'float32');
  const found = stopGradient(reduceMax(farther, [-1]));
  return where(greater(found, 0), nearest(similarity, stopGradient(farther)), hardest);
}

function figures(positive: Tensor, negative: Tensor, share: Tensor): Record<string, Tensor> {
  return {
    acc: sumAll(multiply(cast(greater(positive, negative), 'float32'), share)),
    avg_pos_sim: sumAll(multiply(positive, share)),
    avg_neg_sim: sumAll(multiply(maximum(negative, -1), share)),
  };
}
