import type { CorpusAnswer, CorpusQuestion } from '../data/corpus.ts';
import type { Random } from '../base/random.ts';
import type { Triplet } from './batch.ts';
import { answersAlso } from './falseNegatives.ts';
import { BatchTexts, withAnswers, type Strategy } from './strategy.ts';
import type { TextClasses } from './textClasses.ts';

/**
 * Each question with its best answer and one negative:
 * - `hard_negative`: the lowest-ranked answer of the same question;
 * - `in_batch`: the best answer of a random other question of the batch;
 * - `mixed`: one of the two with probability ½, or the only one that exists.
 *
 * Questions without a negative are skipped. An answer with the same text as the positive is not a negative: its triplet
 * would cost the margin for every encoder. If false negatives are masked, each is replaced by another draw.
 */
export const triplet: Strategy<'triplet'> = {
  name: 'triplet',
  title: 'Right against wrong answer',
  description:
    'Each question comes with its best answer and one wrong answer: its own lowest-ranked answer, or the best answer of another question.',
  minimumAnswers: ({ neg_strategy }) => (neg_strategy === 'hard_negative' ? 2 : 1),
  build(questions, { neg_strategy }, random, { classes, policy }) {
    const answered = withAnswers(questions, 1);
    const choose = chooseNegative[neg_strategy];
    const texts = new BatchTexts();
    const triplets: Triplet[] = [];
    const questionIds: string[] = [];
    let falseDraws = 0;
    for (const question of answered) {
      const drawn = choose(question, answered, random, () => true);
      const isFalse = drawn !== undefined && answersQuestion(question, drawn, classes);
      if (isFalse) falseDraws++;
      const negative =
        isFalse && policy === 'mask'
          ? choose(question, answered, random, (candidate) => !answersQuestion(question, candidate, classes))
          : drawn;
      if (!negative) continue;
      triplets.push({
        question: texts.positionOf(question.text),
        positive: texts.positionOf(question.answers[0]!.text),
        negative: texts.positionOf(negative.answer.text),
        group: triplets.length,
      });
      questionIds.push(question.id);
    }
    if (triplets.length === 0) return null;
    return { kind: 'triplets', texts: texts.texts, questionIds, documents: 3 * triplets.length, triplets, falseDraws };
  },
};

interface Candidate {
  readonly answer: CorpusAnswer;
  /** The question that it answers. */
  readonly of: CorpusQuestion;
}

function answersQuestion(question: CorpusQuestion, { answer, of }: Candidate, classes: TextClasses): boolean {
  return of === question
    ? classes.of(answer.text) === classes.of(question.answers[0]!.text)
    : answersAlso(question, of, answer.text, classes);
}

type ChooseNegative = (
  question: CorpusQuestion,
  answered: readonly CorpusQuestion[],
  random: Random,
  admits: (candidate: Candidate) => boolean,
) => Candidate | undefined;

const lowestOfSameQuestion: ChooseNegative = (question, _, __, admits) => {
  const lowest = { answer: question.answers.at(-1)!, of: question };
  return lowest.answer.text !== question.answers[0]!.text && admits(lowest) ? lowest : undefined;
};

const bestOfOtherQuestion: ChooseNegative = (question, answered, random, admits) => {
  const positive = question.answers[0]!;
  // The question itself is excluded: its best answer is the positive.
  const others = answered
    .map((of) => ({ answer: of.answers[0]!, of }))
    .filter((candidate) => candidate.answer.text !== positive.text && admits(candidate));
  return others.length > 0 ? others[random.integer(others.length)] : undefined;
};

const chooseNegative = {
  hard_negative: lowestOfSameQuestion,
  in_batch: bestOfOtherQuestion,
  mixed: (question, answered, random, admits) => {
    const [first, second] =
      random.next() < 0.5 ? [lowestOfSameQuestion, bestOfOtherQuestion] : [bestOfOtherQuestion, lowestOfSameQuestion];
    return first(question, answered, random, admits) ?? second(question, answered, random, admits);
  },
} as const satisfies Record<string, ChooseNegative>;
