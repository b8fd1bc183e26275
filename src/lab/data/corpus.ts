import { questionText, type Question } from './dataset.ts';

/** An answer whose text is a number: its index in `Corpus.texts`. */
export interface CorpusAnswer {
  readonly id: string;
  readonly text: number;
  readonly score: number;
}

/** A question whose text is an index in `Corpus.texts`; answers ranked best first. */
export interface CorpusQuestion {
  readonly id: string;
  readonly text: number;
  readonly answers: readonly CorpusAnswer[];
}

/**
 * Questions over a table of their distinct texts. Two posts with the same text share one entry, so
 * that it is tokenised once, and encoded once wherever it is used.
 */
export interface Corpus {
  readonly texts: readonly string[];
  readonly questions: readonly CorpusQuestion[];
}

export function buildCorpus(questions: Iterable<Question>): Corpus {
  const indexOfText = new Map<string, number>();
  const intern = (text: string): number => {
    const known = indexOfText.get(text);
    if (known !== undefined) return known;
    const index = indexOfText.size;
    indexOfText.set(text, index);
    return index;
  };
  const corpusQuestions = Array.from(questions, (question) => ({
    id: question.id,
    text: intern(questionText(question)),
    answers: question.answers.map(({ id, body, score }) => ({ id, text: intern(body), score })),
  }));
  return { texts: [...indexOfText.keys()], questions: corpusQuestions };
}
