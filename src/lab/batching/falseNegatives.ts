import type { FalseNegativePolicy } from '../../shared/falseNegatives.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { TextClasses } from './textClasses.ts';
import type { Pair } from './pair.ts';

/** How a training split recognises texts that say the same, and what happens with them. */
export interface FalseNegativeRule {
  readonly classes: TextClasses;
  readonly policy: FalseNegativePolicy;
}

export const keepAll: FalseNegativeRule = { classes: TextClasses.distinct, policy: 'keep' };

/**
 * Whether an answer to `other` also answers `question`: one of the question's own answers says the same, or both
 * questions ask the same.
 */
export function answersAlso(
  question: CorpusQuestion,
  other: CorpusQuestion,
  answer: number,
  classes: TextClasses,
): boolean {
  const said = classes.of(answer);
  return (
    classes.of(question.text) === classes.of(other.text) ||
    question.answers.some(({ text }) => classes.of(text) === said)
  );
}

/**
 * Finds the false negatives of each question of a batch. An answer to another question is false if it has the class of
 * one of the question's own answers, selected or not, or if both questions have the same class. Among a question's own
 * answers, a negative is false if it says the same as the answer that it is compared with.
 */
export class FalseNegatives {
  /** Whether the losses exclude them. */
  readonly masked: boolean;
  /** Class of each text of the batch. */
  readonly #classes: readonly number[];
  /** [groups, texts]: 1 where the text answers the question. */
  readonly #answers: Uint8Array;

  /** `questions` by group; `texts` are the corpus indices of the batch's texts. */
  constructor(questions: readonly CorpusQuestion[], texts: readonly number[], { classes, policy }: FalseNegativeRule) {
    this.masked = policy === 'mask';
    this.#classes = texts.map((text) => classes.of(text));
    this.#answers = new Uint8Array(questions.length * texts.length);
    const placesOf = Map.groupBy(this.#classes.keys(), (place) => this.#classes[place]!);
    const groupsAsking = Map.groupBy(questions.keys(), (group) => classes.of(questions[group]!.text));
    questions.forEach((question, group) => {
      for (const twin of groupsAsking.get(classes.of(question.text))!) {
        for (const { text } of questions[twin]!.answers) {
          for (const place of placesOf.get(classes.of(text)) ?? []) this.#answers[group * texts.length + place] = 1;
        }
      }
    });
  }

  /** For a batch without false negatives. */
  static none(texts: readonly number[]): FalseNegatives {
    return new FalseNegatives([], texts, keepAll);
  }

  /** Whether the answer of `negative` is a false negative for the question of `positive`. */
  isFalse(positive: Pair, negative: Pair): boolean {
    if (positive.group === negative.group) return this.#classes[positive.answer] === this.#classes[negative.answer];
    return this.#answers[positive.group * this.#classes.length + negative.answer] === 1;
  }

  /** Whether the losses must exclude `negative` from the negatives of `positive`. */
  masks(positive: Pair, negative: Pair): boolean {
    return this.masked && this.isFalse(positive, negative);
  }
}
