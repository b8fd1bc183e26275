import { buildContrastive, feedContrastive, weightedPositives } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * InfoNCE over several answers per question in which better answers get a larger share of the
 * target: exp(−rank_weight · rank), times exp(score_weight · score) with scores scaled to [0, 1]
 * within the question; shares are then normalised per question.
 */
export const rankInfonce: Loss<'rank_infonce'> = {
  name: 'rank_infonce',
  title: 'Rank-weighted InfoNCE',
  description: 'As InfoNCE with several right answers; those with a better rank or more votes count more.',
  fits: 'Questions with several answers that are all useful, and votes that reflect quality.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch, { use_ranks, use_scores, rank_weight, score_weight }) => {
    const pairs = pairsOf(batch);
    const weightsOf = (members: readonly Pair[]): number[] => {
      const scores = scaleToUnit(members.map(({ score }) => score));
      return members.map(({ rank }, i) =>
        Math.exp((use_ranks ? -rank_weight * rank : 0) + (use_scores ? score_weight * scores[i]! : 0)),
      );
    };
    return feedContrastive(pairs, weightedPositives(pairs, weightsOf), 'cross-entropy');
  },
};

/** Scales to [0, 1] by minimum and maximum; all zero if they are equal. */
function scaleToUnit(values: readonly number[]): number[] {
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (highest > lowest ? (value - lowest) / (highest - lowest) : 0));
}
