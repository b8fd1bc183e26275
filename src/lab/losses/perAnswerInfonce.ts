import { buildContrastive, feedContrastive } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * InfoNCE with a row for each answer, in which the other answers to the same question do not compete.
 * (If they competed, it would be InfoNCE: rows of one question have the same similarities.)
 */
export const perAnswerInfonce: Loss<'per_answer_infonce'> = {
  name: 'per_answer_infonce',
  title: 'InfoNCE, one answer at a time',
  description:
    'Each question must find each of its good answers among the answers of other questions, independently of its other good answers.',
  fits: 'Questions with several answers that are all right: they do not push each other away.',
  build: (embeddings, { temperature }) => buildContrastive(embeddings, temperature),
  feed: (batch) => {
    const pairs = pairsOf(batch);
    const anchors = pairs.pairs.map((pair, i) => ({
      pair,
      weight: 1 / pairs.pairs.length,
      target: new Map([[i, 1]]),
      correct: [i],
    }));
    return feedContrastive(pairs, anchors, 'cross-entropy', {
      separateRows: true,
      competes: (row, column) => row === column || row.group !== column.group,
    });
  },
};
