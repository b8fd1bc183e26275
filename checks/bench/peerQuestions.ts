import type { CorpusQuestion } from '../../src/lab/data/corpus.ts';
import type { TokenIds } from '../../src/lab/encoders/encoder.ts';

/** A question for the scripts of bench/pytorch: token ids, answers best first. */
export interface PeerQuestion {
  readonly question: readonly number[];
  readonly answers: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

export function peerQuestion({ text, answers }: CorpusQuestion, idsOf: (text: number) => TokenIds): PeerQuestion {
  return {
    question: [...idsOf(text)],
    answers: answers.map((answer) => [...idsOf(answer.text)]),
    scores: answers.map(({ score }) => score),
  };
}

/** Questions in batches of the given size, in order. */
export function peerBatches(
  questions: readonly CorpusQuestion[],
  size: number,
  idsOf: (text: number) => TokenIds,
): PeerQuestion[][] {
  return Array.from({ length: Math.ceil(questions.length / size) }, (_, batch) =>
    questions.slice(batch * size, (batch + 1) * size).map((question) => peerQuestion(question, idsOf)),
  );
}
