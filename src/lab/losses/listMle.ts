import {
  add,
  cast,
  divide,
  equal,
  greater,
  logicalNot,
  multiply,
  negate,
  subtract,
} from '../graph/operators/elementwise.ts';
import { logSoftmax } from '../graph/operators/normalisation.ts';
import { reshape } from '../graph/operators/movement.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { buildLists, inverseIdealGain, ListLayout, meanNdcg } from './lists.ts';
import { pairsOf, type Loss } from './loss.ts';

/**
 * ListMLE (Xia et al. 2008): minus the log-likelihood of the order by votes, if each answer is drawn from the remaining
 * ones with probability softmax(s/τ). The mean over questions of the sum over places.
 */
export const listMle: Loss<'list_mle'> = {
  name: 'list_mle',
  title: 'ListMLE',
  description: "A question's answers must have the same order by similarity as by votes, place by place from the top.",
  fits: 'Questions with several answers whose order matters, but not the size of vote differences. The loss never sees other questions.',
  build: (embeddings, { temperature }) => {
    const { graph } = embeddings;
    const { similarity, cell } = buildLists(embeddings);
    const present = cell('present');
    const number = graph.range('list_length');
    const [place, candidate] = [reshape(number, ['list_length', 1]), reshape(number, [1, 'list_length'])];
    const left = cast(logicalNot(greater(place, candidate)), 'float32');
    const own = cast(equal(place, candidate), 'float32');
    const competes = multiply(left, reshape(present, ['lists', 1, 'list_length']));
    const logits = add(
      reshape(divide(similarity, temperature), ['lists', 1, 'list_length']),
      multiply(subtract(1, competes), -1e9),
    );
    const likelihood = multiply(multiply(logSoftmax(logits), own), reshape(cell('share'), ['lists', 'list_length', 1]));
    return { loss: negate(sumAll(likelihood)), metrics: { ndcg: meanNdcg(similarity, present, cell('gain')) } };
  },
  feed: (batch) => {
    const layout = new ListLayout(pairsOf(batch));
    const count = layout.lists.length;
    const inverseIdeals = layout.lists.map((list) => inverseIdealGain(list) / count);
    return {
      inputs: {
        ...layout.inputs,
        'loss.share': layout.cells(() => 1 / count),
        'loss.gain': layout.cells(({ score }, _, row) => score * inverseIdeals[row]!),
      },
      metrics: {},
      negatives: layout.negatives,
    };
  },
};
