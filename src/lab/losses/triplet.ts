import type { Tensor } from '../graph/graph.ts';
import { add, cast, greater, multiply, rectify, subtract } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { meanAll } from '../graph/operators/reduction.ts';
import { tripletsOf, type Loss } from './loss.ts';
import { indices } from './matrix.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';

/** max(0, s(question, negative) − s(question, positive) + margin), averaged (Schroff et al. 2015, on similarities). */
export const triplet: Loss<'triplet'> = {
  name: 'triplet',
  title: 'Triplet',
  description: 'The best answer must be closer to its question than one other answer, by a margin.',
  fits: 'Small batches, or data whose worst answers are clearly worse. Triplets that are already apart teach nothing.',
  build: (embeddings, { margin }) => {
    const { graph } = embeddings;
    const part = (name: string): Tensor => gatherRows(embeddings, graph.input(`loss.${name}`, 'int32', ['triplets']));
    const questions = part('questions');
    const positive = reduceSum(multiply(questions, part('positives')), [-1]);
    const negative = reduceSum(multiply(questions, part('negatives')), [-1]);
    const violation = rectify(add(subtract(negative, positive), margin));
    const violations = meanAll(cast(greater(violation, 0), 'float32'));
    return {
      loss: meanAll(violation),
      metrics: {
        acc: meanAll(cast(greater(positive, negative), 'float32')),
        avg_pos_sim: meanAll(positive),
        avg_neg_sim: meanAll(negative),
        margin_violations: violations,
        zero_loss: subtract(1, violations),
      },
    };
  },
  feed: (batch) => {
    const { triplets, falseDraws } = tripletsOf(batch);
    return {
      inputs: {
        'loss.questions': indices(triplets.map(({ question }) => question)),
        'loss.positives': indices(triplets.map(({ positive }) => positive)),
        'loss.negatives': indices(triplets.map(({ negative }) => negative)),
      },
      metrics: {},
      negatives: { negatives_per_question: 1, false_negatives: falseDraws },
    };
  },
};
