import { divide, maximum, multiply, negate, stopGradient, subtract } from '../graph/operators/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { reshape } from '../graph/operators/movement.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { softplus } from './comparisons.ts';
import { buildLists, discountOf, inverseIdealGain, ListLayout, meanNdcg, ranksOf } from './lists.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * LambdaRank as a loss (Burges 2010; Wang et al. 2018): RankNet's terms, each weighted by the change of NDCG if its two
 * answers swapped places in the current order.
 */
export const lambdaLoss: Loss<'lambda_loss'> = {
  name: 'lambda_loss',
  title: 'LambdaLoss',
  description: 'As pairwise logistic, but mistakes near the top of the list count more than those at its end.',
  fits: 'Questions with several answers, votes that show how much better an answer is, and users who read only the first few.',
  build: (embeddings, { temperature }) => {
    const { similarity, cell } = buildLists(embeddings);
    const [present, gain] = [cell('present'), cell('gain')];
    const discount = stopGradient(discountOf(ranksOf(similarity, present)));
    // [lists, list_length, list_length]: positive if the row's answer has more votes.
    const gainDifference = multiply(maximum(pairwise(gain), 0), pairPresence(present));
    const weight = multiply(gainDifference, absolute(pairwise(discount)));
    const terms = softplus(divide(negate(pairwise(similarity)), temperature));
    return { loss: sumAll(multiply(weight, terms)), metrics: { ndcg: meanNdcg(similarity, present, gain) } };
  },
  feed: (batch) => {
    const layout = new ListLayout(pairsOf(batch));
    const inverseIdeals = layout.lists.map((list) => inverseIdealGain(list) / layout.lists.length);
    return {
      inputs: { ...layout.inputs, 'loss.gain': layout.cells(({ score }, _, row) => score * inverseIdeals[row]!) },
      metrics: {},
      negatives: layout.negatives,
    };
  },
};

function asRows(values: Tensor): Tensor {
  return reshape(values, ['lists', 'list_length', 1]);
}

function asColumns(values: Tensor): Tensor {
  return reshape(values, ['lists', 1, 'list_length']);
}

function pairwise(values: Tensor): Tensor {
  return subtract(asRows(values), asColumns(values));
}

function pairPresence(present: Tensor): Tensor {
  return multiply(asRows(present), asColumns(present));
}

function absolute(x: Tensor): Tensor {
  return maximum(x, negate(x));
}
