import { add, divide, logarithm, multiply, negate, subtract } from '../graph/operators/elementwise.ts';
import { float32Scalar } from '../graph/hostTensor.ts';
import { softmax } from '../graph/operators/normalisation.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { buildLists, inverseIdealGain, ListLayout, meanNdcg } from './lists.ts';
import { pairsOf, type Loss } from './loss.ts';
import { negativeEntropy, softmaxOf } from './matrix.ts';

/**
 * KL(softmax(scores / temperature) ‖ softmax(similarities / temperature)) over the answers of each
 * question, averaged (ListNet: Cao et al. 2007). `ndcg` has the scores as gains.
 */
export const listwise: Loss<'listwise'> = {
  name: 'listwise',
  title: 'Listwise',
  description: 'The similarities of a question to its answers must be in proportion to their votes.',
  fits: 'Questions with several answers, and votes that reflect quality. The loss never sees other questions: it learns to order answers, not to find them.',
  build: (embeddings, { temperature }) => {
    const { similarity, cell } = buildLists(embeddings);
    const scaled = divide(similarity, temperature);
    const padding = multiply(subtract(1, cell('present')), -1e9);
    // The original adds 1e-9 before the logarithm, which affects its figures.
    const logProbability = logarithm(add(softmax(add(scaled, padding)), 1e-9));
    const crossEntropy = negate(sumAll(multiply(cell('target'), logProbability)));
    return {
      loss: add(crossEntropy, embeddings.graph.input('loss.target_entropy', 'float32', [])),
      metrics: { ndcg: meanNdcg(scaled, cell('present'), cell('gain')) },
    };
  },
  feed: (batch, { temperature }) => {
    const layout = new ListLayout(pairsOf(batch));
    const count = layout.lists.length;
    const targets = layout.lists.map((list) => softmaxOf(list.map(({ score }) => score / temperature)));
    const entropy = targets.reduce((sum, probabilities) => sum + negativeEntropy(probabilities) / count, 0);
    const inverseIdeals = layout.lists.map((list) => inverseIdealGain(list) / count);
    return {
      inputs: {
        ...layout.inputs,
        'loss.target': layout.cells((_, column, row) => targets[row]![column]! / count),
        'loss.gain': layout.cells(({ score }, _, row) => score * inverseIdeals[row]!),
        'loss.target_entropy': float32Scalar(entropy),
      },
      metrics: {},
      negatives: layout.negatives,
    };
  },
};
