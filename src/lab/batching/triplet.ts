import type { CorpusAnswer, CorpusQuestion } from '../data/corpus.ts';
import type { Random } from '../random.ts';
import type { Triplet } from './batch.ts';
import { BatchTexts, withAnswers, type Strategy } from './strategy.ts';

/**
 * Each question with its best answer and one negative:
 * - `hard_negative`: the lowest-ranked answer of the same question;
 * - `in_batch`: the best answer of a random other question of the batch;
 * - `mixed`: one or the other by a fair coin, and the one that exists where only one does.
 *
 * Questions without a negative are skipped. An answer with the very text of the positive is no
 * negative: its triplet would cost the margin whatever the encoder does.
 */
export const triplet: Strategy<'triplet'> = {
  name: 'triplet',
  title: 'Right against wrong answer',
  description: 'Feeds each question with its best answer and one wrong answer: its own lowest-ranked one, or the best of another question.',
  minimumAnswers: ({ neg_strategy }) => (neg_strategy === 'hard_negative' ? 2 : 1),
  build(questions, { neg_strategy }, random) {
    const answered = withAnswers(questions, 1);
    const texts = new BatchTexts();
    const triplets: Triplet[] = [];
    const questionIds: string[] = [];
    for (const question of answered) {
      const negative = chooseNegative[neg_strategy](question, answered, random);
      if (!negative) continue;
      triplets.push({
        question: texts.positionOf(question.text),
        positive: texts.positionOf(question.answers[0]!.text),
        negative: texts.positionOf(negative.text),
        group: triplets.length,
      });
      questionIds.push(question.id);
    }
    if (triplets.length === 0) return null;
    return { kind: 'triplets', texts: texts.texts, questionIds, documents: 3 * triplets.length, triplets };
  },
};

type ChooseNegative = (question: CorpusQuestion, answered: readonly CorpusQuestion[], random: Random) => CorpusAnswer | undefined;

const lowestOfSameQuestion: ChooseNegative = (question) => {
  const lowest = question.answers.at(-1)!;
  return lowest.text === question.answers[0]!.text ? undefined : lowest;
};

const bestOfOtherQuestion: ChooseNegative = (question, answered, random) => {
  const positive = question.answers[0]!;
  // The question itself is not among them: its best answer is the positive.
  const others = answered.filter((other) => other.answers[0]!.text !== positive.text);
  return others.length > 0 ? others[random.integer(others.length)]!.answers[0] : undefined;
};

const chooseNegative = {
  hard_negative: lowestOfSameQuestion,
  in_batch: bestOfOtherQuestion,
  mixed: (question, answered, random) => {
    const [first, second] = random.next() < 0.5 ? [lowestOfSameQuestion, bestOfOtherQuestion] : [bestOfOtherQuestion, lowestOfSameQuestion];
    return first(question, answered, random) ?? second(question, answered, random);
  },
} as const satisfies Record<string, ChooseNegative>;
