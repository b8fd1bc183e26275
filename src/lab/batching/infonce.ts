import { pairBatch, rankedAnswers, withAnswers, type Strategy } from './strategy.ts';

/** Each question with one answer; the answers of the other questions are its negatives. */
export const infonce: Strategy<'infonce'> = {
  name: 'infonce',
  title: 'One answer per question',
  description: 'Each question comes with its best answer (or a random one); the other answers of the batch are wrong.',
  minimumAnswers: () => 1,
  build(questions, { take_top }, random, rule) {
    const selections = withAnswers(questions, 1).map((question) => {
      const ranked = rankedAnswers(question);
      return { question, answers: [ranked[take_top ? 0 : random.integer(ranked.length)]!] };
    });
    return pairBatch('batch', selections, rule);
  },
};
