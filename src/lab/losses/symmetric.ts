import type { PairBatch } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import { add, divide, equal, cast, multiply, negate } from '../graph/operators/elementwise.ts';
import { argMax, gatherElements, gatherRows } from '../graph/operators/indexing.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { logSoftmax } from '../graph/operators/normalisation.ts';
import { meanAll, sumAll } from '../graph/operators/reduction.ts';
import { reshape } from '../graph/operators/movement.ts';
import type { HostTensor } from '../graph/hostTensor.ts';
import { indices } from './matrix.ts';

/**
 * Symmetric InfoNCE over pairs (Radford et al. 2021, CLIP): the mean of the cross-entropies of
 * finding each question's answer among all answers and each answer's question among all questions.
 * Row i has column i as its only positive, also where a question occurs in several pairs.
 */
export function buildSymmetric(embeddings: Tensor, temperature: number) {
  const { graph } = embeddings;
  const questions = gatherRows(embeddings, graph.input('loss.questions', 'int32', ['pairs']));
  const answers = gatherRows(embeddings, graph.input('loss.answers', 'int32', ['pairs']));
  const logits = divide(gemm(questions, answers, { transposeB: true }), temperature);
  // A product of its own, not a transpose: ONNX Runtime would move that behind the argMax, and its
  // WebGPU backend has no transpose of int64.
  const reversed = divide(gemm(answers, questions, { transposeB: true }), temperature);
  const number = graph.range('pairs');
  const diagonal = cast(equal(reshape(number, ['pairs', 1]), reshape(number, [1, 'pairs'])), 'float32');
  const [q2a, a2q] = [logits, reversed].map((scores) => ({
    loss: divide(negate(sumAll(multiply(diagonal, logSoftmax(scores)))), graph.size('pairs')),
    accuracy: meanAll(gatherElements(diagonal, argMax(scores))),
  })) as [{ loss: Tensor; accuracy: Tensor }, { loss: Tensor; accuracy: Tensor }];
  return {
    logits,
    loss: multiply(add(q2a.loss, a2q.loss), 0.5),
    metrics: { q2a_acc: q2a.accuracy, a2q_acc: a2q.accuracy },
  };
}

export function feedSymmetric({ pairs }: PairBatch): Record<string, HostTensor> {
  return {
    'loss.questions': indices(pairs.map(({ question }) => question)),
    'loss.answers': indices(pairs.map(({ answer }) => answer)),
  };
}
