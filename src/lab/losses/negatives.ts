import type { Pair, PairBatch } from '../batching/batch.ts';

/** What a loss pushes away in a batch, in figures. */
export interface NegativeFigures {
  /** Distinct texts that are pushed away from a question: the mean over the questions that have any. */
  readonly negatives_per_question: number;
  /** Of those, summed over the questions: texts that answer the question. Counted where they are masked, too. */
  readonly false_negatives: number;
}

/**
 * The negatives of a batch of pairs: a loss asks about each text that it would push away from a
 * question, and is told whether to. Texts are counted once for each question.
 */
export class Negatives {
  private readonly batch: PairBatch;
  /** [groups, texts] */
  private readonly taken: Uint8Array;
  private readonly falseOnes: Uint8Array;

  constructor(batch: PairBatch) {
    this.batch = batch;
    const cells = batch.questionIds.length * batch.texts.length;
    this.taken = new Uint8Array(cells);
    this.falseOnes = new Uint8Array(cells);
  }

  /** Whether the answer of `negative` is to be pushed away from the question of `positive`, against whose answer it stands. */
  admit(positive: Pair, negative: Pair): boolean {
    const { falseNegatives } = this.batch;
    const cell = this.cellOf(positive.group, negative);
    const isFalse = falseNegatives.isFalse(positive, negative);
    if (isFalse) this.falseOnes[cell] = 1;
    if (isFalse && falseNegatives.masked) return false;
    this.taken[cell] = 1;
    return true;
  }

  /** For losses that push an answer away from its own question, whatever else the batch holds. */
  push(pair: Pair): void {
    this.taken[this.cellOf(pair.group, pair)] = 1;
  }

  private cellOf(group: number, { answer }: Pair): number {
    return group * this.batch.texts.length + answer;
  }

  get figures(): NegativeFigures {
    const { questionIds, texts } = this.batch;
    const counts = questionIds.map((_, group) => sum(this.taken.subarray(group * texts.length, (group + 1) * texts.length))).filter((count) => count > 0);
    return { negatives_per_question: counts.length > 0 ? sum(counts) / counts.length : 0, false_negatives: sum(this.falseOnes) };
  }
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
