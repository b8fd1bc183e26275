import { bestAnswers } from './bestAnswers.ts';
import { buildContrastive, feedContrastive } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/** Softmax over the answers of each question, the best of them being the target: InfoNCE with hard negatives only. */
export const bestAnswer: Loss<'best_answer'> = {
  name: 'best_answer',
  title: 'Best answer among its own',
  description: 'The best answer must be closest to its question among all answers to that question.',
  fits: 'Questions with several answers of which one is clearly best. Never sees other questions: it orders answers, it does not find them.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch) => {
    const pairs = pairsOf(batch);
    return feedContrastive(pairs, bestAnswers(pairs), 'cross-entropy', {
      competes: (row, column) => row.group === column.group,
    });
  },
};
