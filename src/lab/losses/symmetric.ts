import type { PairBatch } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, divide, equal, cast, multiply, negate, subtract, type Operand } from '../graph/operators/elementwise.ts';
import { argMax, gatherElements, gatherRows } from '../graph/operators/indexing.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { logSoftmax } from '../graph/operators/normalisation.ts';
import { meanAll, sumAll } from '../graph/operators/reduction.ts';
import { reshape } from '../graph/operators/movement.ts';
import type { HostTensor } from '../graph/hostTensor.ts';
import { excluded } from './contrastive.ts';
import { HostMatrix, indices } from './matrix.ts';
import type { Negatives } from './negatives.ts';

/**
 * Symmetric InfoNCE over pairs (Radford et al. 2021, CLIP): the mean of the cross-entropies of
 * finding each question's answer among all answers and each answer's question among all questions.
 * Row i has column i as its only positive, even if a question occurs in several pairs. Their rows
 * have the same similarities: together, they push none of the question's own answers away.
 */
export function buildSymmetric(embeddings: Tensor, temperature: Operand) {
  const { graph } = embeddings;
  const questions = gatherRows(embeddings, graph.input('loss.questions', 'int32', ['pairs']));
  const answers = gatherRows(embeddings, graph.input('loss.answers', 'int32', ['pairs']));
  const logits = divide(gemm(questions, answers, { transposeB: true }), temperature);
  // A second product instead of a transpose: ONNX Runtime would move the transpose after the argMax, and its WebGPU
  // backend has no transpose of int64.
  const reversed = divide(gemm(answers, questions, { transposeB: true }), temperature);
  const number = graph.range('pairs');
  const diagonal = cast(equal(reshape(number, ['pairs', 1]), reshape(number, [1, 'pairs'])), 'float32');
  const among = (scores: Tensor, name: string): Tensor =>
    add(scores, multiply(subtract(1, graph.input(`loss.${name}`, 'float32', ['pairs', 'pairs'])), excluded));
  const [q2a, a2q] = [among(logits, 'answers_compete'), among(reversed, 'questions_compete')].map((scores) => ({
    loss: divide(negate(sumAll(multiply(diagonal, logSoftmax(scores)))), graph.size('pairs')),
    accuracy: meanAll(gatherElements(diagonal, argMax(scores))),
  })) as [{ loss: Tensor; accuracy: Tensor }, { loss: Tensor; accuracy: Tensor }];
  return {
    logits,
    loss: multiply(add(q2a.loss, a2q.loss), 0.5),
    metrics: { q2a_acc: q2a.accuracy, a2q_acc: a2q.accuracy },
  };
}

export function feedSymmetric({ pairs }: PairBatch, negatives: Negatives): Record<string, HostTensor> {
  const [answersCompete, questionsCompete] = [
    new HostMatrix(pairs.length, pairs.length, 1),
    new HostMatrix(pairs.length, pairs.length, 1),
  ];
  pairs.forEach((row, i) =>
    pairs.forEach((column, j) => {
      if (row.group === column.group || negatives.admit(row, column)) return;
      answersCompete.set(i, j, 0);
      questionsCompete.set(j, i, 0);
    }),
  );
  return {
    'loss.answers_compete': answersCompete.tensor(),
    'loss.questions_compete': questionsCompete.tensor(),
    'loss.questions': indices(pairs.map(({ question }) => question)),
    'loss.answers': indices(pairs.map(({ answer }) => answer)),
  };
}
