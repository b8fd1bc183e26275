import { questionText, type Question } from './dataset.ts';
import { countWords } from './text.ts';

export interface QuestionCounts {
  readonly questions: number;
  readonly answers: number;
  readonly questionsWithOneAnswer: number;
  readonly questionsWithTwoOrMore: number;
}

export interface TextStatistics {
  /** Mean words of title and body together. */
  readonly meanQuestionWords: number;
  readonly meanAnswerWords: number;
}

/** Counts questions one at a time, for datasets that are not held in memory. */
export class QuestionStatistics {
  #questions = 0;
  #answers = 0;
  #withOne = 0;
  #withMore = 0;
  #questionWords = 0;
  #answerWords = 0;

  add(question: Question): void {
    this.#questions++;
    this.#answers += question.answers.length;
    if (question.answers.length === 1) this.#withOne++;
    if (question.answers.length > 1) this.#withMore++;
    this.#questionWords += countWords(questionText(question));
    for (const answer of question.answers) this.#answerWords += countWords(answer.body);
  }

  counts(): QuestionCounts {
    return {
      questions: this.#questions,
      answers: this.#answers,
      questionsWithOneAnswer: this.#withOne,
      questionsWithTwoOrMore: this.#withMore,
    };
  }

  text(): TextStatistics {
    return {
      meanQuestionWords: mean(this.#questionWords, this.#questions),
      meanAnswerWords: mean(this.#answerWords, this.#answers),
    };
  }
}

/** How many questions have no answer, one, two, …: `byAnswers[n]` questions have exactly n. */
export interface Usable {
  readonly questions: number;
  readonly byAnswers: readonly number[];
  /** Questions with at least N answers. */
  readonly withAtLeast: (answers: number) => number;
}

/** For refusing data that a loss cannot use, with numbers. */
export function describeUsable(questions: Iterable<{ readonly answers: readonly unknown[] }>): Usable {
  const byAnswers: number[] = [];
  let total = 0;
  for (const { answers } of questions) {
    countAt(byAnswers, answers.length);
    total++;
  }
  return {
    questions: total,
    byAnswers,
    withAtLeast: (answers) => byAnswers.slice(answers).reduce((sum, count) => sum + count, 0),
  };
}

/** Adds one at `index` of a list of counts, which grows if needed. */
export function countAt(counts: number[], index: number): void {
  while (counts.length <= index) counts.push(0);
  counts[index]!++;
}

/** Two decimals: enough to read, and the same on every machine. */
function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round((100 * sum) / count) / 100;
}
