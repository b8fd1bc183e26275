import type { PairBatch } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import { float32Scalar } from '../graph/hostTensor.ts';
import { add, divide, multiply, negate, subtract, type Operand } from '../graph/operators/elementwise.ts';
import { argMax, gatherElements, gatherRows } from '../graph/operators/indexing.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { logSoftmax } from '../graph/operators/normalisation.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import type { LossFeed, LossOutputs } from './loss.ts';
import { HostMatrix, indices, negativeEntropy } from './matrix.ts';
import { Negatives } from './negatives.ts';
import type { Pair } from '../batching/pair.ts';

/**
 * The formula that the softmax losses share. Rows are questions, columns are the answers of all
 * pairs; each row has a set of columns that compete and a target distribution over them:
 *
 *   cross-entropy = −Σ_rows Σ_columns target · log_softmax(similarity / temperature)
 *   Kullback–Leibler divergence = cross-entropy + Σ_rows Σ_columns target · ln target
 *
 * with the pairs' weights folded into the target. What differs between the losses is the target.
 */

/** The contribution of one pair to its question's row. */
export interface Anchor {
  readonly pair: Pair;
  /** Share of this pair in the loss and in the accuracy; the shares of a batch sum to 1. */
  readonly weight: number;
  /** Columns (pair numbers) with a target probability. */
  readonly target: ReadonlyMap<number, number>;
  /** Columns that count as correct if they have the row's highest similarity. */
  readonly correct: readonly number[];
}

/** Excludes columns that do not compete from the softmax. */
export const excluded = -1e9;

/** A question's similarities with every column, and the inputs that `feedContrastive` makes. */
export interface ContrastiveRows {
  /** [loss_rows, loss_columns] */
  readonly similarity: Tensor;
  readonly cell: (name: string) => Tensor;
}

export function contrastiveRows(embeddings: Tensor): ContrastiveRows {
  const { graph } = embeddings;
  const rows = gatherRows(embeddings, graph.input('loss.rows', 'int32', ['loss_rows']));
  const columns = gatherRows(embeddings, graph.input('loss.columns', 'int32', ['loss_columns']));
  return {
    similarity: gemm(rows, columns, { transposeB: true }),
    cell: (name) => graph.input(`loss.${name}`, 'float32', ['loss_rows', 'loss_columns']),
  };
}

/** `adjust` can change logits before the softmax, for example by the weights of some columns. */
export function buildContrastive(
  embeddings: Tensor,
  temperature: Operand,
  adjust: (logits: Tensor, rows: ContrastiveRows) => Tensor = (logits) => logits,
): LossOutputs {
  const { graph } = embeddings;
  const rows = contrastiveRows(embeddings);
  const logits = add(
    adjust(divide(rows.similarity, temperature), rows),
    multiply(subtract(1, rows.cell('competes')), excluded),
  );
  const crossEntropy = negate(sumAll(multiply(rows.cell('target'), logSoftmax(logits))));
  const credit = gatherElements(rows.cell('credit'), argMax(logits));
  return {
    loss: add(crossEntropy, graph.input('loss.target_entropy', 'float32', [])),
    metrics: { acc: sumAll(credit) },
  };
}

export interface ContrastiveOptions {
  /** Whether a column without a target competes in the row of a pair; by default the scope of the batch decides. */
  readonly competes?: (row: Pair, column: Pair) => boolean;
  /** Whether each anchor has its own row, for losses in which the pairs of one question have different competitors. */
  readonly separateRows?: boolean;
  /** Whether to feed also `loss.negatives`: 1 in the columns that compete without a target. */
  readonly feedNegatives?: boolean;
}

export function feedContrastive(
  batch: PairBatch,
  anchors: readonly Anchor[],
  measure: 'cross-entropy' | 'divergence',
  options: ContrastiveOptions = {},
): LossFeed {
  const { pairs, scope } = batch;
  const doesCompete = options.competes ?? ((row, column) => scope === 'batch' || column.group === row.group);
  const rowOfAnchor = options.separateRows ? anchors.map((_, i) => i) : numberRows(anchors);
  const rowPairs: Pair[] = [];
  anchors.forEach(({ pair }, i) => (rowPairs[rowOfAnchor[i]!] = pair));
  const [competes, target, credit, wrong] = [0, 1, 2, 3].map(() => new HostMatrix(rowPairs.length, pairs.length)) as [
    HostMatrix,
    HostMatrix,
    HostMatrix,
    HostMatrix,
  ];
  let entropy = 0;
  anchors.forEach((anchor, i) => {
    const row = rowOfAnchor[i]!;
    for (const [column, probability] of anchor.target) {
      competes.set(row, column, 1);
      target.add(row, column, anchor.weight * probability);
    }
    for (const column of anchor.correct) credit.add(row, column, anchor.weight);
    if (measure === 'divergence') entropy += anchor.weight * negativeEntropy([...anchor.target.values()]);
  });
  const negatives = new Negatives(batch);
  rowPairs.forEach((row, r) =>
    pairs.forEach((pair, c) => {
      if (competes.get(r, c) === 1 || !doesCompete(row, pair) || !negatives.admit(row, pair)) return;
      competes.set(r, c, 1);
      wrong.set(r, c, 1);
    }),
  );
  return {
    inputs: {
      'loss.rows': indices(rowPairs.map(({ question }) => question)),
      'loss.columns': indices(pairs.map(({ answer }) => answer)),
      'loss.competes': competes.tensor(),
      'loss.target': target.tensor(),
      'loss.credit': credit.tensor(),
      'loss.target_entropy': float32Scalar(entropy),
      ...(options.feedNegatives && { 'loss.negatives': wrong.tensor() }),
    },
    metrics: { groups: scope === 'batch' ? batch.questionIds.length : 1 },
    negatives: negatives.figures,
  };
}

/** Pairs of one question with one question text share a row: its similarities are the same. */
function numberRows(anchors: readonly Anchor[]): number[] {
  const rowOf = new Map<string, number>();
  return anchors.map(({ pair }) => {
    const key = `${pair.group}/${pair.question}`;
    if (!rowOf.has(key)) rowOf.set(key, rowOf.size);
    return rowOf.get(key)!;
  });
}

/** Pair numbers by group. */
export function pairsByGroup(pairs: readonly Pair[]): number[][] {
  const groups: number[][] = [];
  pairs.forEach(({ group }, i) => (groups[group] ??= []).push(i));
  return groups;
}

/** Anchors of the losses in which every pair aims at all answers of its question, in given proportions. */
export function weightedPositives(batch: PairBatch, weightsOf: (pairs: readonly Pair[]) => number[]): Anchor[] {
  const { pairs } = batch;
  return pairsByGroup(pairs).flatMap((members) => {
    const weights = weightsOf(members.map((i) => pairs[i]!));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const target = new Map(members.map((column, i) => [column, weights[i]! / total]));
    return members.map((i) => ({ pair: pairs[i]!, weight: 1 / pairs.length, target, correct: members }));
  });
}
