import { add, multiply, stopGradient } from '../graph/operators/elementwise.ts';
import { buildContrastive, feedContrastive, weightedPositives } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * InfoNCE with negatives weighted by exp(hardness · similarity), without a gradient through the weight (Robinson et al.
 * 2021, without its normalisation, as Lan et al. 2025 use it).
 */
export const hardnessInfonce: Loss<'hardness_infonce'> = {
  name: 'hardness_infonce',
  title: 'Hardness-weighted InfoNCE',
  description: 'As InfoNCE, but wrong answers that are close to the question count more than distant ones.',
  fits: 'Large batches, in which most wrong answers are easy. If the data contains false negatives, the loss pushes right answers away.',
  build: (embeddings, { temperature, hardness }) =>
    buildContrastive(embeddings, temperature, (logits, { similarity, cell }) =>
      add(logits, multiply(multiply(stopGradient(similarity), hardness), cell('negatives'))),
    ),
  feed: (batch) => {
    const pairs = pairsOf(batch);
    const anchors = weightedPositives(pairs, (members) => members.map(() => 1));
    return feedContrastive(pairs, anchors, 'cross-entropy', { feedNegatives: true });
  },
};
