import { buildContrastive, feedContrastive, weightedPositives } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * InfoNCE (van den Oord, Li and Vinyals 2018) with in-batch negatives: the answers of a question
 * share its target equally, all other answers of the batch compete.
 */
export const infonce: Loss<'infonce'> = {
  name: 'infonce',
  title: 'InfoNCE',
  description: 'Each question must find its own answer among all answers of the batch.',
  fits: 'Any data; one good answer per question is enough. Larger batches give more negatives.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch) => {
    const pairs = pairsOf(batch);
    return feedContrastive(
      pairs,
      weightedPositives(pairs, (members) => members.map(() => 1)),
      'cross-entropy',
    );
  },
};
