import { pairBatch, rankedAnswers, withAnswers, type SelectedAnswer, type Strategy } from './strategy.ts';

/** Each question with its first `max_answers` answers as one list to be ordered by votes. */
export const listwise: Strategy<'listwise'> = {
  name: 'listwise',
  title: 'Ranked list of answers',
  description:
    'Each question comes with a list of its answers and their votes, so that the loss can learn the whole order.',
  minimumAnswers: () => 2,
  build(questions, { max_answers }, _, rule) {
    const selections = withAnswers(questions, 2).map((question) => ({
      question,
      answers: relativeToBest(rankedAnswers(question).slice(0, max_answers)),
    }));
    return pairBatch('question', selections, rule);
  },
};

/**
 * Divides scores by their maximum, so that the best has 1. A list without a positive score stays unchanged: dividing by
 * a negative maximum would reverse its order.
 */
function relativeToBest(answers: readonly SelectedAnswer[]): readonly SelectedAnswer[] {
  const maximum = Math.max(...answers.map(({ score }) => score));
  return maximum > 0 ? answers.map((answer) => ({ ...answer, score: answer.score / maximum })) : answers;
}
