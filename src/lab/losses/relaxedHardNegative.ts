import { buildContrastive, feedContrastive, pairsByGroup, type Anchor } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * InfoNCE with a soft target: each answer in turn is the positive with probability 1 − p, and the other answers of its
 * question share p (`hard_neg_target_prob`); the loss is the divergence from that target. Over a `hard_negative` batch
 * each question has its own softmax, as in the original. There every answer is the positive in turn with the same
 * similarities, so in sum each answer is pulled equally: p changes the value of the loss but not its gradient.
 */
export const relaxedHardNegative: Loss<'relaxed_hard_neg'> = {
  name: 'relaxed_hard_neg',
  title: 'Relaxed hard negatives',
  description:
    'Each answer is the right one in turn; the other answers to its question share a small part of the target.',
  fits: 'Questions with at least two answers whose lower-ranked answers are still useful.',
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
