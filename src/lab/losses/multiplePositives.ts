import { buildContrastive, feedContrastive, weightedPositives } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/** InfoNCE in which all answers of a question are positives, with a weight exp(−rank_weight · rank). */
export const multiplePositives: Loss<'multiple_positives'> = {
  name: 'multiple_positives',
  title: 'Multiple positives',
  description:
    'Each question must find all its answers among those of the batch; with rank_weight 0 all count equally.',
  fits: 'Questions with several answers of similar quality.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch, { rank_weight }) => {
    const pairs = pairsOf(batch);
    const anchors = weightedPositives(pairs, (members) => members.map(({ rank }) => Math.exp(-rank_weight * rank)));
    return feedContrastive(pairs, anchors, 'cross-entropy');
  },
};
