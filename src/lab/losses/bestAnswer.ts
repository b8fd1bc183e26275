import { bestAnswers } from './bestAnswers.ts';
import { buildContrastive, feedContrastive } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/** Softmax over the answers of each question with the best answer as the target: InfoNCE with hard negatives only. */
export const bestAnswer: Loss<'best_answer'> = {
  name: 'best_answer',
  title: 'Best answer of each question',
  description: 'The best answer must be closest to its question among all answers to that question.',
  fits: 'Questions with several answers, one of which is clearly the best. The loss never sees other questions: it learns to order answers, not to find them.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch) => {
    const pairs = pairsOf(batch);
    return feedContrastive(pairs, bestAnswers(pairs), 'cross-entropy', {
      competes: (row, column) => row.group === column.group,
    });
  },
};
