import { buildContrastive, feedContrastive, pairsByGroup, type Anchor } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * InfoNCE with a soft target: each answer in turn is the positive with probability 1 − p, and the
 * other answers of its question share p (`hard_neg_target_prob`); the loss is the divergence from
 * that target. Over a `hard_negative` batch each question is a softmax of its own, as in the
 * original. There every answer takes its turn under the same similarities, so that the turns add up
 * to the same pull on each of them: p moves the value of the loss and not its gradient.
 */
export const relaxedHardNegative: Loss<'relaxed_hard_neg'> = {
  name: 'relaxed_hard_neg',
  title: 'Relaxed hard negatives',
  description: 'Tells answers apart while leaving a share of the target to the other answers of the same question.',
  fits: 'Questions with two answers or more whose lower-ranked answers are still worth something.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch, { hard_neg_target_prob }) => {
    const pairBatch = pairsOf(batch);
    const { pairs, scope } = pairBatch;
    const groups = pairsByGroup(pairs);
    const anchors = groups.flatMap((members) => {
      const weight = scope === 'batch' ? 1 / pairs.length : 1 / (groups.length * members.length);
      return members.map((column): Anchor => ({
        pair: pairs[column]!,
        weight,
        target: softTarget(column, members, hard_neg_target_prob),
        correct: [column],
      }));
    });
    return feedContrastive(pairBatch, anchors, 'divergence');
  },
};

function softTarget(positive: number, members: readonly number[], share: number): Map<number, number> {
  if (members.length === 1) return new Map([[positive, 1]]);
  return new Map(members.map((column) => [column, column === positive ? 1 - share : share / (members.length - 1)]));
}
