import { describe, expect, test } from 'vitest';
import type { Batch, PairBatch, TripletBatch } from '../../../../src/lab/batching/batch.ts';
import { buildBatch, minimumAnswers, strategies } from '../../../../src/lab/batching/registry.ts';
import type { CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { strategyNames, strategyParameters, type StrategyChoice } from '../../../../src/shared/recipe.ts';

/** Question i has text 100·i, and answers of texts 100·i + 1, … with falling scores. */
function makeQuestions(...answerCounts: number[]): CorpusQuestion[] {
  return answerCounts.map((count, i) => ({
    id: `q${i}`,
    text: 100 * i,
    answers: Array.from({ length: count }, (_, rank) => ({
      id: `a${i}_${rank}`,
      text: 100 * i + 1 + rank,
      score: 8 - rank,
    })),
  }));
}

function choose(name: StrategyChoice['name'], parameters: object = {}): StrategyChoice {
  return { name, parameters: strategyParameters[name].parse(parameters) } as StrategyChoice;
}

const everyChoice: StrategyChoice[] = [
  choose('infonce'),
  choose('infonce', { take_top: false }),
  choose('multiple_positives'),
  choose('hard_negative'),
  choose('triplet', { neg_strategy: 'hard_negative' }),
  choose('triplet', { neg_strategy: 'in_batch' }),
  choose('triplet', { neg_strategy: 'mixed' }),
  choose('listwise', { max_answers: 3 }),
];

const questions = makeQuestions(3, 0, 1, 5, 2, 1, 4);

/** Every position that the relations of a batch use, in order. */
function usedPositions(batch: Batch): number[] {
  return batch.kind === 'pairs'
    ? batch.pairs.flatMap(({ question, answer }) => [question, answer])
    : batch.triplets.flatMap(({ question, positive, negative }) => [question, positive, negative]);
}

function groupsOf(batch: Batch): number[] {
  return (batch.kind === 'pairs' ? batch.pairs : batch.triplets).map(({ group }) => group);
}

describe.each(everyChoice)('every batch of $name $parameters', (choice) => {
  const batch = buildBatch(choice, questions, randomStream(7, 'answers'))!;

  test('holds each distinct text once, in order of first use', () => {
    expect(new Set(batch.texts).size).toBe(batch.texts.length);
    expect([...new Set(usedPositions(batch))]).toEqual(batch.texts.map((_, position) => position));
  });

  test('numbers its questions 0, 1, … and leaves out those with too few answers', () => {
    const qualified = questions.filter(({ answers }) => answers.length >= minimumAnswers(choice));
    expect(batch.questionIds).toEqual(qualified.map(({ id }) => id));
    expect([...new Set(groupsOf(batch))]).toEqual(qualified.map((_, group) => group));
  });

  test('counts questions and answers as documents', () => {
    const expected =
      batch.kind === 'triplets' ? 3 * batch.triplets.length : batch.questionIds.length + batch.pairs.length;
    expect(batch.documents).toBe(expected);
  });

  test('is the same for the same random stream', () => {
    expect(buildBatch(choice, questions, randomStream(7, 'answers'))).toEqual(batch);
  });

  test('is null when no question qualifies', () => {
    expect(buildBatch(choice, makeQuestions(0, 0), randomStream(7, 'answers'))).toBeNull();
  });
});

test('the registry holds every strategy under its own name', () => {
  for (const name of strategyNames) expect(strategies[name].name).toBe(name);
});

test('two posts with the same text share one position', () => {
  const twins = [
    { id: 'q0', text: 5, answers: [{ id: 'a0', text: 6, score: 1 }] },
    { id: 'q1', text: 5, answers: [{ id: 'a1', text: 6, score: 0 }] },
  ];
  const batch = buildBatch(choose('infonce'), twins, randomStream(1, 'answers')) as PairBatch;
  expect(batch.texts).toEqual([5, 6]);
  expect(batch.pairs.map(({ question, answer, group }) => [question, answer, group])).toEqual([
    [0, 1, 0],
    [0, 1, 1],
  ]);
  expect(batch.documents).toBe(4);
});

test('a random answer of infonce is each of the answers at times, with its true rank and score', () => {
  const ranks = new Map<number, number>();
  for (let step = 0; step < 400; step++) {
    const batch = buildBatch(
      choose('infonce', { take_top: false }),
      makeQuestions(4),
      randomStream(1, 'answers', step),
    ) as PairBatch;
    const [pair] = batch.pairs;
    expect(batch.texts[pair!.answer]).toBe(1 + pair!.rank);
    expect(pair!.score).toBe(8 - pair!.rank);
    ranks.set(pair!.rank, (ranks.get(pair!.rank) ?? 0) + 1);
  }
  expect([...ranks.keys()].sort()).toEqual([0, 1, 2, 3]);
  expect(Math.min(...ranks.values())).toBeGreaterThan(60);
});

test('listwise leaves scores alone where the best is not positive', () => {
  const question = {
    id: 'q',
    text: 0,
    answers: [
      { id: 'a', text: 1, score: -1 },
      { id: 'b', text: 2, score: -4 },
    ],
  };
  const batch = buildBatch(choose('listwise'), [question], randomStream(1, 'answers')) as PairBatch;
  expect(batch.pairs.map(({ score }) => score)).toEqual([-1, -4]);
});

describe('negatives of triplets', () => {
  /** Corpus texts of [question, negative] over many batches. */
  function draw(neg_strategy: string, from: CorpusQuestion[]): [number, number][] {
    return Array.from({ length: 200 }, (_, step) =>
      buildBatch(choose('triplet', { neg_strategy }), from, randomStream(3, 'answers', step)),
    )
      .filter((batch) => batch !== null)
      .flatMap((batch) =>
        (batch as TripletBatch).triplets.map(
          ({ question, negative }) => [batch.texts[question]!, batch.texts[negative]!] as [number, number],
        ),
      );
  }
  const ofSameQuestion = ([question, negative]: [number, number]) => Math.floor(negative / 100) * 100 === question;

  test('in_batch: the best answer of any other question, never of its own', () => {
    const drawn = draw('in_batch', makeQuestions(3, 2, 0, 1));
    expect(drawn).toHaveLength(600);
    expect(drawn.some(ofSameQuestion)).toBe(false);
    expect(new Set(drawn.filter(([question]) => question === 0).map(([, negative]) => negative))).toEqual(
      new Set([101, 301]),
    );
  });

  test('hard_negative: the lowest-ranked answer of the same question', () => {
    expect(new Set(draw('hard_negative', makeQuestions(3, 1)).map(String))).toEqual(new Set(['0,3']));
  });

  test('mixed: both kinds about equally often, and in_batch for a question with one answer', () => {
    const drawn = draw('mixed', makeQuestions(3, 1));
    const ofFirst = drawn.filter(([question]) => question === 0);
    const share = ofFirst.filter(ofSameQuestion).length / ofFirst.length;
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
    expect(drawn.filter(([question]) => question === 100).every(([, negative]) => negative === 1)).toBe(true);
  });

  test('mixed: the question that is alone in its batch gets its own lowest-ranked answer', () => {
    expect(new Set(draw('mixed', makeQuestions(2)).map(String))).toEqual(new Set(['0,2']));
  });

  test('a question without a negative is skipped', () => {
    expect(draw('in_batch', makeQuestions(3))).toEqual([]);
    expect(draw('mixed', makeQuestions(1))).toEqual([]);
  });

  test('an answer with the very text of the positive is not its negative', () => {
    const twins = [
      {
        id: 'q0',
        text: 0,
        answers: [
          { id: 'a', text: 9, score: 2 },
          { id: 'b', text: 9, score: 1 },
        ],
      },
      { id: 'q1', text: 1, answers: [{ id: 'c', text: 9, score: 2 }] },
    ];
    for (const neg_strategy of ['hard_negative', 'in_batch', 'mixed']) expect(draw(neg_strategy, twins)).toEqual([]);
  });
});
