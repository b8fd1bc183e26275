import { divide, multiply, negate } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { buildComparisons, feedComparisons, softplus, type Comparison } from './comparisons.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { Negatives } from './negatives.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * RankNet (Burges et al. 2005): ln(1 + exp(−(s_better − s_worse)/τ)) over all pairs of a question's answers with
 * different votes.
 */
export const pairwiseLogistic: Loss<'pairwise_logistic'> = {
  name: 'pairwise_logistic',
  title: 'Pairwise logistic (RankNet)',
  description: 'Of every two answers to a question, the one with more votes must be closer to it.',
  fits: 'Questions with several answers whose order by votes matters. The loss never sees other questions: it learns to order answers, not to find them.',
  build: (embeddings, { temperature }) => {
    const { difference, weight, accuracy } = buildComparisons(embeddings);
    return {
      loss: sumAll(multiply(weight, softplus(divide(negate(difference), temperature)))),
      metrics: { acc: accuracy },
    };
  },
  feed: (batch) => {
    const pairBatch = pairsOf(batch);
    const negatives = new Negatives(pairBatch);
    return feedComparisons(pairBatch.pairs, votedComparisons(pairBatch.pairs, negatives), negatives);
  },
};

/**
 * Every two answers of a question with different votes: the comparisons of a question weigh 1 together, and all
 * questions weigh the same.
 */
function votedComparisons(pairs: readonly Pair[], negatives: Negatives): Comparison[] {
  const stands = (better: number, worse: number): boolean =>
    pairs[better]!.score > pairs[worse]!.score && negatives.admit(pairs[better]!, pairs[worse]!);
  const ofQuestions = pairsByGroup(pairs)
    .map((members) =>
      members.flatMap((better) => members.filter((worse) => stands(better, worse)).map((worse) => ({ better, worse }))),
    )
    .filter((comparisons) => comparisons.length > 0);
  return ofQuestions.flatMap((comparisons) =>
    comparisons.map((comparison) => ({ ...comparison, weight: 1 / (comparisons.length * ofQuestions.length) })),
  );
}
