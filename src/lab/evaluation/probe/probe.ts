import type { CorpusQuestion } from '../../data/corpus.ts';
import { randomStream, shuffled } from '../../base/random.ts';

/** A test question with its best answer and worse answers, as corpus indices of texts. */
export interface ProbePair {
  readonly question: number;
  readonly answer: number;
  /** Its own lower-ranked answers, except those with the text of the best. */
  readonly hardNegatives: readonly number[];
}

/** Enough for stable figures, few enough to cost little compared with an evaluation. */
const probePairs = 512;

/**
 * The pairs on which embeddings are diagnosed: up to 512 of the test questions that have an answer. The choice depends
 * only on the test split and its seed, so all evaluations of all runs of an experiment use the same pairs.
 */
export function drawProbe(testQuestions: readonly CorpusQuestion[], seed: number): ProbePair[] {
  const answered = testQuestions.filter(({ answers }) => answers.length > 0);
  return shuffled(answered, randomStream(seed, 'sample', 'probe'))
    .slice(0, probePairs)
    .map(({ text, answers: [best, ...others] }) => ({
      question: text,
      answer: best!.text,
      hardNegatives: others.map((other) => other.text).filter((other) => other !== best!.text),
    }));
}
