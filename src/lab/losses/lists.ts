import type { PairBatch } from '../batching/batch.ts';
import type { Tensor } from '../graph/graph.ts';
import { int32, type HostTensor } from '../graph/hostTensor.ts';
import { add, cast, divide, equal, greater, logarithm, logicalAnd, multiply } from '../graph/operators/elementwise.ts';
import { gatherRows } from '../graph/operators/indexing.ts';
import { matmul } from '../graph/operators/matrix.ts';
import { reshape, transpose } from '../graph/operators/movement.ts';
import { sumAll } from '../graph/operators/reduction.ts';
import { pairsByGroup } from './contrastive.ts';
import { HostMatrix, indices } from './matrix.ts';
import { Negatives, type NegativeFigures } from './negatives.ts';
import { reduceSum } from '../graph/operators/broadcast.ts';
import type { Pair } from '../batching/pair.ts';

/** Shared by the listwise losses: each question's answers as a row, padded to the longest of the batch. */

export interface ListCells {
  /** [lists, list_length] */
  readonly similarity: Tensor;
  readonly cell: (name: string) => Tensor;
}

export function buildLists(embeddings: Tensor): ListCells {
  const { graph } = embeddings;
  const cells = ['lists', 'list_length'];
  const dimension = embeddings.shape[1]!;
  const questions = reshape(gatherRows(embeddings, graph.input('loss.questions', 'int32', ['lists'])), [
    'lists',
    1,
    dimension,
  ]);
  const answers = gatherRows(embeddings, graph.input('loss.answers', 'int32', cells));
  return {
    similarity: reshape(matmul(questions, transpose(answers, [0, 2, 1])), cells),
    cell: (name) => graph.input(`loss.${name}`, 'float32', cells),
  };
}

export class ListLayout {
  readonly lists: readonly (readonly Pair[])[];
  readonly negatives: NegativeFigures;
  readonly #length: number;

  constructor(batch: PairBatch) {
    const negatives = new Negatives(batch);
    this.lists = pairsByGroup(batch.pairs).map((members) =>
      admitted(
        members.map((i) => batch.pairs[i]!),
        batch,
        negatives,
      ),
    );
    this.negatives = negatives.figures;
    this.#length = Math.max(...this.lists.map((list) => list.length));
  }

  /** A value for each answer; 0 for padding. */
  cells(valueOf: (pair: Pair, column: number, row: number) => number): HostTensor {
    const matrix = new HostMatrix(this.lists.length, this.#length);
    this.lists.forEach((list, row) =>
      list.forEach((pair, column) => matrix.set(row, column, valueOf(pair, column, row))),
    );
    return matrix.tensor();
  }

  /** The inputs of `buildLists`, and which cells are not padding. */
  get inputs(): Record<string, HostTensor> {
    const answers = new Int32Array(this.lists.length * this.#length);
    this.lists.forEach((list, row) =>
      list.forEach(({ answer }, column) => (answers[row * this.#length + column] = answer)),
    );
    return {
      'loss.questions': indices(this.lists.map((list) => list[0]!.question)),
      'loss.answers': int32(answers, [this.lists.length, this.#length]),
      'loss.present': this.cells(() => 1),
    };
  }
}

/**
 * The answers of a question that are in its list. An answer with fewer votes than the best is a negative. If false
 * negatives are masked, an answer that says the same as an earlier one is excluded.
 */
function admitted(list: readonly Pair[], { falseNegatives }: PairBatch, negatives: Negatives): Pair[] {
  const kept: Pair[] = [];
  for (const pair of list) {
    const twin = kept.find((better) => falseNegatives.isFalse(better, pair));
    const better = twin ?? kept[0];
    const isNegative = better !== undefined && (twin !== undefined || pair.score < better.score);
    if (!isNegative || negatives.admit(better, pair)) kept.push(pair);
  }
  return kept;
}

/** 1 / DCG of the ideal order; 0 for lists that count as 0: one answer, or no positive gain. */
export function inverseIdealGain(list: readonly Pair[]): number {
  const ideal = list
    .map(({ score }) => score)
    .sort((a, b) => b - a)
    .reduce((sum, score, position) => sum + score / Math.log2(position + 2), 0);
  return list.length > 1 && ideal > 0 ? 1 / (ideal + 1e-8) : 0;
}

/**
 * Rank by similarity, from 1 for the most similar answer of a list; equal ones by their place: [lists, list_length]. No
 * gradient.
 */
export function ranksOf(similarity: Tensor, present: Tensor): Tensor {
  const { graph } = similarity;
  const own = reshape(similarity, ['lists', 'list_length', 1]);
  const other = reshape(similarity, ['lists', 1, 'list_length']);
  const number = graph.range('list_length');
  const earlier = greater(reshape(number, ['list_length', 1]), reshape(number, [1, 'list_length']));
  const tiedAndEarlier = logicalAnd(equal(own, other), earlier);
  const ahead = add(cast(greater(other, own), 'float32'), cast(tiedAndEarlier, 'float32'));
  return add(
    reshape(reduceSum(multiply(ahead, reshape(present, ['lists', 1, 'list_length'])), [-1]), ['lists', 'list_length']),
    1,
  );
}

/** 1 / log2(rank + 1): the weight of a place in DCG. */
export function discountOf(rank: Tensor): Tensor {
  return divide(Math.LN2, logarithm(add(rank, 1)));
}

/** Σ gain · discount, with gains already divided by each list's ideal and the number of lists. */
export function meanNdcg(similarity: Tensor, present: Tensor, gain: Tensor): Tensor {
  return sumAll(multiply(multiply(gain, present), discountOf(ranksOf(similarity, present))));
}
