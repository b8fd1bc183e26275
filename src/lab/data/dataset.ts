/** What a dataset is, in memory: questions, each with its answers ranked best first. */

export interface Answer {
  readonly id: string;
  /** Plain text: HTML removed, entities decoded, white space collapsed. */
  readonly body: string;
  /** Votes; may be negative. */
  readonly score: number;
  readonly accepted: boolean;
}

export interface Question {
  readonly id: string;
  readonly title: string;
  /** Plain text, as `Answer.body`. */
  readonly body: string;
  readonly score: number;
  /** Ranked: the answer at index 0 has rank 0, the best. Scores never increase along the list. */
  readonly answers: readonly Answer[];
}

/** The text that stands for a question in training and evaluation: title and body. */
export function questionText(question: Pick<Question, 'title' | 'body'>): string {
  return `${question.title} ${question.body}`.trim();
}
