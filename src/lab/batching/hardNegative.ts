import { pairBatch, rankedAnswers, withAnswers, type Strategy } from './strategy.ts';

/** Each question with all its answers: the best is the positive, the others are hard negatives. */
export const hardNegative: Strategy<'hard_negative'> = {
  name: 'hard_negative',
  title: 'Best against lower-ranked answers',
  description:
    'Each question comes with all its answers: the best one is right, the lower-ranked answers are hard negatives.',
  minimumAnswers: () => 2,
  build(questions, _, __, rule) {
    const selections = withAnswers(questions, 2).map((question) => ({ question, answers: rankedAnswers(question) }));
    return pairBatch('question', selections, rule);
  },
};
