import type { CorpusQuestion } from '../../data/corpus.ts';
import { randomStream, shuffled } from '../../base/random.ts';

/** A test question with its best answer and the answers that it should be preferred to; corpus indices of texts. */
export interface ProbePair {
  readonly question: number;
  readonly answer: number;
  /** Its own lower-ranked answers, those with the text of the best left out. */
  readonly hardNegatives: readonly number[];
}

/** Enough for figures that hold still; few enough to cost little beside an evaluation. */
const probePairs = 512;

/**
 * The pairs on which embeddings are diagnosed: up to 512 of the test questions that have an answer. Which
 * ones depends on the test split and its seed only, so that they are the same at every evaluation and for
 * all runs of an experiment.
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
