import { divide, multiply, negate } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { buildComparisons, feedComparisons, softplus, type Comparison } from './comparisons.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import type { Pair } from '../batching/batch.ts';

/** RankNet (Burges et al. 2005): ln(1 + exp(−(s_better − s_worse)/τ)) over all pairs of a question's answers with different votes. */
export const pairwiseLogistic: Loss<'pairwise_logistic'> = {
  name: 'pairwise_logistic',
  title: 'Pairwise logistic (RankNet)',
  description: 'Of every two answers to a question, the one with more votes must be closer to it.',
  fits: 'Questions with several answers whose order by votes matters. Never sees other questions: it orders answers, it does not find them.',
  build: (embeddings, { temperature }) => {
    const { difference, weight, accuracy } = buildComparisons(embeddings);
    return { loss: sumAll(multiply(weight, softplus(divide(negate(difference), temperature)))), metrics: { acc: accuracy } };
  },
  feed: (batch) => {
    const { pairs } = pairsOf(batch);
    return feedComparisons(pairs, votedComparisons(pairs));
  },
};

/** Every two answers of a question with different votes: those of a question weigh 1 together, questions alike. */
export function votedComparisons(pairs: readonly Pair[]): Comparison[] {
  const ofQuestions = pairsByGroup(pairs)
    .map((members) => members.flatMap((better) => members.filter((worse) => pairs[better]!.score > pairs[worse]!.score).map((worse) => ({ better, worse }))))
    .filter((comparisons) => comparisons.length > 0);
  return ofQuestions.flatMap((comparisons) => comparisons.map((comparison) => ({ ...comparison, weight: 1 / (comparisons.length * ofQuestions.length) })));
}
