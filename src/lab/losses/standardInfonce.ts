import { pairsOf, type Loss } from './loss.ts';
import { Negatives } from './negatives.ts';
import { buildSymmetric, feedSymmetric } from './symmetric.ts';

/** Symmetric InfoNCE: questions find answers, answers find questions. */
export const standardInfonce: Loss<'standard_infonce'> = {
  name: 'standard_infonce',
  title: 'Symmetric InfoNCE',
  description: 'Each question must find its answer and each answer its question among those of the batch.',
  fits: 'One answer per question; with several, the other answers of a question count as negatives.',
  build: (embeddings, { temperature }) => {
    const { loss, metrics } = buildSymmetric(embeddings, temperature);
    return { loss, metrics };
  },
  feed: (batch) => {
    const pairs = pairsOf(batch);
    const negatives = new Negatives(pairs);
    return { inputs: feedSymmetric(pairs, negatives), metrics: {}, negatives: negatives.figures };
  },
};
