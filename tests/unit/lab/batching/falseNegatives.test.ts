import { describe, expect, test } from 'vitest';
import type { PairBatch, TripletBatch } from '../../../../src/lab/batching/batch.ts';
import { buildBatch } from '../../../../src/lab/batching/registry.ts';
import { TextClasses } from '../../../../src/lab/batching/textClasses.ts';
import type { CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import type { FalseNegativePolicy } from '../../../../src/shared/falseNegatives.ts';
import { strategyParameters, type StrategyChoice } from '../../../../src/shared/recipe.ts';

describe('texts that say the same', () => {
  const classesOf = (...texts: string[]): number[] => {
    const classes = TextClasses.among(texts.keys(), (i) => texts[i]!);
    return texts.map((_, i) => classes.of(i));
  };

  test.each([
    ['case', 'Use a Bayes filter', 'use a bayes FILTER'],
    ['white space', 'use it', '  use\n\tit '],
    ['punctuation', 'Yes, of course!', 'yes - of course...'],
    ['width and ligatures (NFKC)', 'ｆｉｒｓｔ ofﬁce', 'first office'],
  ])('%s makes no difference', (_, first, second) => {
    expect(classesOf(first, second)).toEqual([0, 0]);
  });

  test.each([
    ['another word', 'use it', 'use them'],
    ['words run together', 'a part', 'apart'],
    ['symbols', 'C', 'C++'],
    ['an accent', 'resume', 'résumé'],
    ['nothing but punctuation', '???', '!!!'],
  ])('%s does', (_, first, second) => {
    expect(classesOf(first, second)).toEqual([0, 1]);
  });
});

/** q0 and q1 have an answer in common, but for its case; q2 asks what q0 asks; q3 has nothing to do with them. */
const texts = [
  'How?',
  'Like this.',
  'poor',
  'Why?',
  'LIKE THIS',
  'how',
  'in another way',
  'Where?',
  'there',
  'like   this!',
];
const questions: CorpusQuestion[] = [
  {
    id: 'q0',
    text: 0,
    answers: [
      { id: 'a0', text: 1, score: 5 },
      { id: 'a1', text: 2, score: 1 },
      { id: 'a2', text: 9, score: 0 },
    ],
  },
  { id: 'q1', text: 3, answers: [{ id: 'a3', text: 4, score: 3 }] },
  { id: 'q2', text: 5, answers: [{ id: 'a4', text: 6, score: 3 }] },
  { id: 'q3', text: 7, answers: [{ id: 'a5', text: 8, score: 3 }] },
];
const classes = TextClasses.among(texts.keys(), (i) => texts[i]!);

function build(name: StrategyChoice['name'], parameters: object, policy: FalseNegativePolicy, step = 1) {
  const choice = { name, parameters: strategyParameters[name].parse(parameters) } as StrategyChoice;
  return buildBatch(choice, questions, randomStream(1, 'answers', step), { classes, policy })!;
}

test('a negative is false where it is an own answer in other words, or answers the same question', () => {
  const { pairs, falseNegatives } = build('infonce', {}, 'keep') as PairBatch;
  const found = pairs.map((row) =>
    pairs
      .filter((column) => column.group !== row.group && falseNegatives.isFalse(row, column))
      .map(({ group }) => group),
  );
  // q2 gets q1's answer, too: it is one to q0, which asks the same.
  expect(found).toEqual([[1, 2], [0], [0, 1], []]);
});

test('an answer that was not selected makes its twins false, too', () => {
  const other: CorpusQuestion[] = [
    { ...questions[0]!, answers: [questions[0]!.answers[1]!, questions[0]!.answers[0]!] },
    questions[1]!,
  ];
  const choice = { name: 'infonce', parameters: { take_top: true } } as const;
  const { pairs, falseNegatives } = buildBatch(choice, other, randomStream(1, 'answers'), {
    classes,
    policy: 'keep',
  }) as PairBatch;
  expect(falseNegatives.isFalse(pairs[0]!, pairs[1]!)).toBe(true);
  expect(falseNegatives.isFalse(pairs[1]!, pairs[0]!)).toBe(false);
});

test('of its own answers, one is false that says what the other says', () => {
  const { pairs, falseNegatives } = build('hard_negative', {}, 'keep') as PairBatch;
  const [best, poor, twin] = pairs;
  expect(falseNegatives.isFalse(best!, twin!)).toBe(true);
  expect(falseNegatives.isFalse(best!, poor!)).toBe(false);
});

test('only the policy mask masks', () => {
  for (const policy of ['keep', 'mask', 'avoid'] as const) {
    const { pairs, falseNegatives } = build('infonce', {}, policy) as PairBatch;
    expect(falseNegatives.masks(pairs[0]!, pairs[1]!)).toBe(policy === 'mask');
    expect(falseNegatives.masks(pairs[0]!, pairs[3]!)).toBe(false);
  }
});

describe('triplets', () => {
  const many = (neg_strategy: string, policy: FalseNegativePolicy): TripletBatch[] =>
    Array.from({ length: 50 }, (_, step) => build('triplet', { neg_strategy }, policy, step) as TripletBatch);
  const negativesOf = (batches: readonly TripletBatch[], id: string): Set<string> =>
    new Set(
      batches.flatMap(({ triplets, questionIds, texts: used }) =>
        triplets.filter(({ group }) => questionIds[group] === id).map(({ negative }) => texts[used[negative]!]!),
      ),
    );

  test('in_batch: keep draws false negatives and counts them, mask draws others in their place', () => {
    const [kept, masked] = [many('in_batch', 'keep'), many('in_batch', 'mask')];
    expect(negativesOf(kept, 'q0')).toEqual(new Set(['LIKE THIS', 'in another way', 'there']));
    expect(negativesOf(masked, 'q0')).toEqual(new Set(['there']));
    expect(negativesOf(masked, 'q1')).toEqual(new Set(['in another way', 'there']));
    const counted = (batches: readonly TripletBatch[]): number =>
      batches.reduce((sum, { falseDraws }) => sum + falseDraws, 0);
    expect(counted(kept)).toBeGreaterThan(20);
    expect(counted(masked)).toBeGreaterThan(20);
  });

  test('hard_negative: an own answer in other words is false; masked, its question is left out', () => {
    const [kept] = many('hard_negative', 'keep');
    expect([kept!.questionIds, kept!.falseDraws]).toEqual([['q0'], 1]);
    expect(build('triplet', { neg_strategy: 'hard_negative' }, 'mask')).toBeNull();
  });
});
