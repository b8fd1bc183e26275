import type { Pair } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, cast, divide, equal, greater, logarithm, logicalAnd, multiply, negate, subtract } from '../graph/operators/elementwise.ts';
import { float32Scalar, int32 } from '../graph/hostTensor.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { matmul } from '../graph/operators/matrix.ts';
import { reshape, transpose } from '../graph/operators/movement.ts';
import { softmax } from '../graph/operators/normalisation.ts';
import { reduceSum, sumAll } from '../graph/operators/reduction.ts';
import { pairsByGroup } from './contrastive.ts';
import { pairsOf, type Loss } from './loss.ts';
import { HostMatrix, indices, negativeEntropy, softmaxOf } from './matrix.ts';

/**
 * KL(softmax(scores / temperature) ‖ softmax(similarities / temperature)) over the answers of each
 * question, averaged (ListNet: Cao et al. 2007). `ndcg` has the scores as gains.
 * Lists of a batch are padded to its longest; `lists` × `length` below.
 */
export const listwise: Loss<'listwise'> = {
  name: 'listwise',
  title: 'Listwise',
  description: 'The similarities of a question to its answers must be in proportion to their votes.',
  fits: 'Questions with several answers and telling votes. Never sees other questions: it orders answers, it does not find them.',
  build: (embeddings, { temperature }) => {
    const { graph } = embeddings;
    const cells = ['lists', 'list_length'];
    const cell = (name: string): Tensor => graph.input(`loss.${name}`, 'float32', cells);
    const dimension = embeddings.shape[1]!;
    const questions = reshape(gatherRows(embeddings, graph.input('loss.questions', 'int32', ['lists'])), ['lists', 1, dimension]);
    const answers = gatherRows(embeddings, graph.input('loss.answers', 'int32', cells));
    const similarity = divide(reshape(matmul(questions, transpose(answers, [0, 2, 1])), cells), temperature);
    const padding = multiply(subtract(1, cell('present')), -1e9);
    // The 1e-9 is the original's guard of the logarithm, part of its figures.
    const logProbability = logarithm(add(softmax(add(similarity, padding)), 1e-9));
    const crossEntropy = negate(sumAll(multiply(cell('target'), logProbability)));
    return {
      loss: add(crossEntropy, graph.input('loss.target_entropy', 'float32', [])),
      metrics: { ndcg: meanNdcg(similarity, cell('present'), cell('gain')) },
    };
  },
  feed: (batch, { temperature }) => {
    const { pairs } = pairsOf(batch);
    const lists = pairsByGroup(pairs).map((members) => members.map((i) => pairs[i]!));
    const length = Math.max(...lists.map((list) => list.length));
    const answers = new Int32Array(lists.length * length);
    const [present, target, gain] = [0, 1, 2].map(() => new HostMatrix(lists.length, length)) as [HostMatrix, HostMatrix, HostMatrix];
    let entropy = 0;
    lists.forEach((list, row) => {
      const probabilities = softmaxOf(list.map(({ score }) => score / temperature));
      const inverseIdeal = inverseIdealGain(list) / lists.length;
      entropy += negativeEntropy(probabilities) / lists.length;
      list.forEach((pair, column) => {
        answers[row * length + column] = pair.answer;
        present.set(row, column, 1);
        target.set(row, column, probabilities[column]! / lists.length);
        gain.set(row, column, pair.score * inverseIdeal);
      });
    });
    return {
      inputs: {
        'loss.questions': indices(lists.map((list) => list[0]!.question)),
        'loss.answers': int32(answers, [lists.length, length]),
        'loss.present': present.tensor(),
        'loss.target': target.tensor(),
        'loss.gain': gain.tensor(),
        'loss.target_entropy': float32Scalar(entropy),
      },
      metrics: {},
    };
  },
};

/** 1 / DCG of the ideal order; 0 for lists that count as 0: one answer, or no positive gain. */
function inverseIdealGain(list: readonly Pair[]): number {
  const ideal = list
    .map(({ score }) => score)
    .sort((a, b) => b - a)
    .reduce((sum, score, position) => sum + score / Math.log2(position + 2), 0);
  return list.length > 1 && ideal > 0 ? 1 / (ideal + 1e-8) : 0;
}

/**
 * Σ gain / log2(rank + 1), with gains already divided by each list's ideal and the number of lists.
 * A rank is one more than the number of answers ahead: more similar, or as similar and earlier.
 */
function meanNdcg(similarity: Tensor, present: Tensor, gain: Tensor): Tensor {
  const { graph } = similarity;
  const own = reshape(similarity, ['lists', 'list_length', 1]);
  const other = reshape(similarity, ['lists', 1, 'list_length']);
  const number = graph.range('list_length');
  const earlier = greater(reshape(number, ['list_length', 1]), reshape(number, [1, 'list_length']));
  const tiedAndEarlier = logicalAnd(equal(own, other), earlier);
  const ahead = add(cast(greater(other, own), 'float32'), cast(tiedAndEarlier, 'float32'));
  const rank = add(reshape(reduceSum(multiply(ahead, reshape(present, ['lists', 1, 'list_length'])), [-1]), ['lists', 'list_length']), 1);
  return sumAll(multiply(multiply(gain, present), divide(Math.LN2, logarithm(add(rank, 1)))));
}
