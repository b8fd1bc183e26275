import type { CorpusAnswer, CorpusQuestion } from '../data/corpus.ts';

/** A test question that has an answer. */
export interface Query {
  readonly question: CorpusQuestion;
  /** Positions of its answers in `Collection.documents`, best first; at least one. */
  readonly answers: readonly number[];
}

/** The test split as a retrieval collection: queries, and the documents that they search. */
export interface Collection {
  /**
   * The distinct answers of the test split by ascending id (compared as strings, by code unit), so that of two equally
   * similar documents the one at the lower position ranks first. An answer that is listed twice is one document. Posts
   * with different ids and the same text are two.
   */
  readonly documents: readonly CorpusAnswer[];
  /** In the order of the test split. */
  readonly queries: readonly Query[];
  positionOf(answer: CorpusAnswer): number;
}

export function buildCollection(testQuestions: readonly CorpusQuestion[]): Collection {
  const distinct = new Map<string, CorpusAnswer>();
  for (const { answers } of testQuestions) for (const answer of answers) distinct.set(keyOf(answer), answer);
  const documents = [...distinct.values()].sort(byIdThenText);
  const positions = new Map(documents.map((document, position) => [keyOf(document), position]));
  const positionOf = (answer: CorpusAnswer): number => positions.get(keyOf(answer))!;
  const queries = testQuestions
    .filter(({ answers }) => answers.length > 0)
    .map((question) => ({ question, answers: question.answers.map(positionOf) }));
  return { documents, queries, positionOf };
}

/** The text is part of the key: some sources number the answers to each question from 0. */
function keyOf({ id, text }: CorpusAnswer): string {
  return `${text}/${id}`;
}

function byIdThenText(a: CorpusAnswer, b: CorpusAnswer): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.text - b.text;
}
