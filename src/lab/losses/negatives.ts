import type { PairBatch } from '../batching/batch.ts';
import type { FalseNegatives } from '../batching/falseNegatives.ts';
import type { Pair } from '../batching/pair.ts';

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
  private readonly texts: number;
  private readonly falseNegatives: FalseNegatives;
  /** [groups, texts]: what was counted already. */
  private readonly taken: Uint8Array;
  private readonly found: Uint8Array;
  /** By group. */
  private readonly counts: Uint32Array;
  private falseOnes = 0;

  constructor({ questionIds, texts, falseNegatives }: PairBatch) {
    this.texts = texts.length;
    this.falseNegatives = falseNegatives;
    this.taken = new Uint8Array(questionIds.length * texts.length);
    this.found = new Uint8Array(questionIds.length * texts.length);
    this.counts = new Uint32Array(questionIds.length);
  }

  /** Whether the answer of `negative` is to be pushed away from the question of `positive`, against whose answer it stands. */
  admit(positive: Pair, negative: Pair): boolean {
    const isFalse = this.falseNegatives.isFalse(positive, negative);
    if (isFalse) this.find(positive.group, negative.answer);
    if (isFalse && this.falseNegatives.masked) return false;
    this.take(positive.group, negative.answer);
    return true;
  }

  /** For losses that push an answer away from its own question, whatever else the batch holds. */
  push({ group, answer }: Pair): void {
    this.take(group, answer);
  }

  private take(group: number, answer: number): void {
    const cell = group * this.texts + answer;
    this.counts[group]! += 1 - this.taken[cell]!;
    this.taken[cell] = 1;
  }

  private find(group: number, answer: number): void {
    const cell = group * this.texts + answer;
    this.falseOnes += 1 - this.found[cell]!;
    this.found[cell] = 1;
  }

  get figures(): NegativeFigures {
    const counts = this.counts.filter((count) => count > 0);
    return {
      negatives_per_question: counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) / counts.length : 0,
      false_negatives: this.falseOnes,
    };
  }
}
