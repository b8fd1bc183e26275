import type { PairBatch } from '../batching/batch.ts';
import type { FalseNegatives } from '../batching/falseNegatives.ts';
import type { Pair } from '../batching/pair.ts';

/** Counts of the texts that a loss pushes away in a batch. */
export interface NegativeFigures {
  /** Distinct texts that are pushed away from a question: the mean over the questions with negatives. */
  readonly negatives_per_question: number;
  /** The number of these that answer the question, summed over the questions. Masked ones are counted, too. */
  readonly false_negatives: number;
}

/**
 * The negatives of a batch of pairs: a loss asks for each text whether to push it away from a question. Each text
 * counts once per question.
 */
export class Negatives {
  readonly #texts: number;
  readonly #falseNegatives: FalseNegatives;
  /** [groups, texts]: 1 if already counted. */
  readonly #taken: Uint8Array;
  readonly #found: Uint8Array;
  /** By group. */
  readonly #counts: Uint32Array;
  #falseOnes = 0;

  constructor({ questionIds, texts, falseNegatives }: PairBatch) {
    this.#texts = texts.length;
    this.#falseNegatives = falseNegatives;
    this.#taken = new Uint8Array(questionIds.length * texts.length);
    this.#found = new Uint8Array(questionIds.length * texts.length);
    this.#counts = new Uint32Array(questionIds.length);
  }

  /** Whether to push the answer of `negative` away from the question of `positive`, with whose answer it competes. */
  admit(positive: Pair, negative: Pair): boolean {
    const isFalse = this.#falseNegatives.isFalse(positive, negative);
    if (isFalse) this.#find(positive.group, negative.answer);
    if (isFalse && this.#falseNegatives.masked) return false;
    this.#take(positive.group, negative.answer);
    return true;
  }

  /** For losses that push an answer away from its own question, whatever else the batch contains. */
  push({ group, answer }: Pair): void {
    this.#take(group, answer);
  }

  #take(group: number, answer: number): void {
    const cell = group * this.#texts + answer;
    this.#counts[group]! += 1 - this.#taken[cell]!;
    this.#taken[cell] = 1;
  }

  #find(group: number, answer: number): void {
    const cell = group * this.#texts + answer;
    this.#falseOnes += 1 - this.#found[cell]!;
    this.#found[cell] = 1;
  }

  get figures(): NegativeFigures {
    const counts = this.#counts.filter((count) => count > 0);
    return {
      negatives_per_question: counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) / counts.length : 0,
      false_negatives: this.#falseOnes,
    };
  }
}
