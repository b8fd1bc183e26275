import { pairBatch, rankedAnswers, withAnswers, type Strategy } from './strategy.ts';

/** Each question with its first `pos_count` answers, or with all if it has fewer. */
export const multiplePositives: Strategy<'multiple_positives'> = {
  name: 'multiple_positives',
  title: 'Several answers per question',
  description:
    'Each question comes with its best few answers, which are all right; the answers of other questions are wrong.',
  minimumAnswers: () => 1,
  build(questions, { pos_count }, _, rule) {
    const selections = withAnswers(questions, 1).map((question) => ({
      question,
      answers: rankedAnswers(question).slice(0, pos_count),
    }));
    return pairBatch('batch', selections, rule);
  },
};
