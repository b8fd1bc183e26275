import { float32 } from '../graph/hostTensor.ts';
import { multiply, square, subtract } from '../graph/operators/elementwise.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { buildComparisons, feedComparisons } from './comparisons.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { Negatives } from './negatives.ts';
import { scaledScores } from './scores.ts';

/**
 * MarginMSE (Hofstätter et al. 2020) with votes instead of a teacher: the difference in similarity between the best
 * answer and another must equal the difference of their votes, scaled to 0…1 within the question.
 */
export const marginMse: Loss<'margin_mse'> = {
  name: 'margin_mse',
  title: 'Margins by votes (MarginMSE)',
  description: 'The lead of the best answer over another in similarity must equal its lead in votes, scaled to 0…1.',
  fits: 'Questions with several answers, and votes whose differences are meaningful. The loss never sees other questions.',
  build: (embeddings) => {
    const { difference, weight, accuracy } = buildComparisons(embeddings);
    const margin = embeddings.graph.input('loss.margin', 'float32', ['comparisons']);
    return { loss: sumAll(multiply(weight, square(subtract(difference, margin)))), metrics: { acc: accuracy } };
  },
  feed: (batch) => {
    const pairBatch = pairsOf(batch);
    const { pairs } = pairBatch;
    const scores = scaledScores(pairs);
    const negatives = new Negatives(pairBatch);
    const comparisons = pairsByGroup(pairs).flatMap(([better, ...others]) =>
      others
        .filter((worse) => negatives.admit(pairs[better!]!, pairs[worse]!))
        .map((worse) => ({ better: better!, worse })),
    );
    const feed = feedComparisons(
      pairs,
      comparisons.map((comparison) => ({ ...comparison, weight: 1 / comparisons.length })),
      negatives,
    );
    const margins =
      comparisons.length > 0 ? comparisons.map(({ better, worse }) => scores[better]! - scores[worse]!) : [0];
    return {
      ...feed,
      inputs: { ...feed.inputs, 'loss.margin': float32(Float32Array.from(margins), [margins.length]) },
    };
  },
};
