import type { CorpusAnswer, CorpusQuestion } from '../data/corpus.ts';
import { withAnswers } from './strategy.ts';

/** One question of the standardised evaluation with those of its own answers that are candidates. */
export interface StandardizedItem {
  readonly question: CorpusQuestion;
  /** The best answer. */
  readonly positive: CorpusAnswer;
  /** The answers of rank 1 to 5, at least one. */
  readonly hardNegatives: readonly CorpusAnswer[];
}

const maximumHardNegatives = 5;

/**
 * The items of one test batch: its questions with at least two answers. The candidates of
 * an item are its positive, its hard negatives, and the positives of all other items of the list.
 * For evaluation only.
 */
export function standardizedItems(testBatch: readonly CorpusQuestion[]): StandardizedItem[] {
  return withAnswers(testBatch, 2).map((question) => ({
    question,
    positive: question.answers[0]!,
    hardNegatives: question.answers.slice(1, 1 + maximumHardNegatives),
  }));
}
