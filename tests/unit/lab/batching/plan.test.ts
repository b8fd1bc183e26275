import { describe, expect, test } from 'vitest';
import type { PairBatch } from '../../../../src/lab/batching/batch.ts';
import { keepAll } from '../../../../src/lab/batching/falseNegatives.ts';
import { BatchPlan, planEpoch, stepsPerEpoch } from '../../../../src/lab/batching/plan.ts';
import { TextClasses } from '../../../../src/lab/batching/textClasses.ts';
import type { CorpusQuestion } from '../../../../src/lab/data/corpus.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import type { FalseNegativePolicy } from '../../../../src/shared/falseNegatives.ts';

/** Questions with one answer each; `textOf` gives that answer. */
function makeQuestions(count: number, textOf = (i: number): number => 2 * i + 1): CorpusQuestion[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `q${i}`,
    text: 2 * i,
    answers: [{ id: `a${i}`, text: textOf(i), score: 1 }],
  }));
}

function planHash(questions: readonly CorpusQuestion[], batchSize: number, epochs: number, seed: number): string {
  return new BatchPlan(questions, { batchSize, seed, rule: keepAll }).hash(epochs);
}

const ids = makeQuestions(50);

describe('planEpoch', () => {
  test.each([
    [50, 8],
    [48, 8],
    [49, 8],
    [7, 8],
    [9, 8],
    [2, 2],
    [3, 2],
    [1, 4],
    [0, 4],
  ])('%i questions in batches of %i: every question once, as many batches as announced', (questions, batchSize) => {
    const plan = planEpoch(questions, batchSize, 42, 0);
    expect(plan.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: questions }, (_, i) => i));
    expect(plan).toHaveLength(stepsPerEpoch(questions, batchSize));
  });

  test('a single question left over joins the batch before it', () => {
    expect(planEpoch(49, 8, 42, 0).map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 9]);
    expect(planEpoch(50, 8, 42, 0).map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 8, 2]);
  });

  test('each epoch and each seed has an order of its own, the same every time', () => {
    expect(planEpoch(50, 8, 42, 1)).toEqual(planEpoch(50, 8, 42, 1));
    expect(planEpoch(50, 8, 42, 1)).not.toEqual(planEpoch(50, 8, 42, 0));
    expect(planEpoch(50, 8, 43, 1)).not.toEqual(planEpoch(50, 8, 42, 1));
  });
});

describe('planHash', () => {
  const hash = planHash(ids, 8, 3, 42);

  test('is a SHA-256 that is the same every time', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(planHash(ids, 8, 3, 42)).toBe(hash);
  });

  test('differs with seed, batch size, epochs and questions', () => {
    const others = [
      planHash(ids, 8, 3, 43),
      planHash(ids, 10, 3, 42),
      planHash(ids, 8, 2, 42),
      planHash(ids.slice(1), 8, 3, 42),
    ];
    expect(new Set([hash, ...others]).size).toBe(5);
  });
});

describe('BatchPlan', () => {
  const infonce = { name: 'infonce', parameters: { take_top: true } } as const;
  const planOf = (questions: readonly CorpusQuestion[], policy: FalseNegativePolicy, batchSize = 8): BatchPlan =>
    new BatchPlan(questions, { batchSize, seed: 42, rule: { classes: TextClasses.distinct, policy } });
  const meetings = (plan: BatchPlan, questions: readonly CorpusQuestion[], epoch = 0): number =>
    plan
      .epoch(epoch)
      .reduce((sum, batch) => sum + batch.length - new Set(batch.map((i) => questions[i]!.answers[0]!.text)).size, 0);

  test('positions go through the epochs, each batch as the plan has it', () => {
    const questions = makeQuestions(20);
    const plan = planOf(questions, 'keep');
    expect(plan.stepsPerEpoch).toBe(3);
    for (const [position, epoch, index] of [
      [1, 0, 0],
      [3, 0, 2],
      [4, 1, 0],
      [6, 1, 2],
    ] as const) {
      expect(plan.batchAt(position, infonce)!.questionIds).toEqual(
        planEpoch(20, 8, 42, epoch)[index]!.map((i) => `q${i}`),
      );
    }
  });

  test.each([100, 101, 97])(
    'avoid: of %i questions, no two with one answer meet; every question once, batches of the same sizes',
    (count) => {
      // Classes of up to 8 questions, and at least 12 batches.
      const questions = makeQuestions(count, (i) => 1001 + 2 * Math.floor(i / 8));
      const [kept, avoiding] = [planOf(questions, 'keep'), planOf(questions, 'avoid')];
      for (const epoch of [0, 1, 2]) {
        expect(meetings(kept, questions, epoch)).toBeGreaterThan(0);
        expect(meetings(avoiding, questions, epoch)).toBe(0);
        expect([...avoiding.epoch(epoch)].flat().sort((a, b) => a - b)).toEqual(questions.map((_, i) => i));
        expect(avoiding.epoch(epoch).map(({ length }) => length)).toEqual(
          kept.epoch(epoch).map(({ length }) => length),
        );
      }
      expect(avoiding.hash(2)).not.toBe(kept.hash(2));
      expect(planOf(questions, 'avoid').hash(2)).toBe(avoiding.hash(2));
    },
  );

  test('avoid: questions that ask the same do not meet, either', () => {
    const questions = makeQuestions(40).map((question, i) => ({ ...question, text: i < 4 ? 7000 : question.text }));
    const batchesOfTwins = (policy: FalseNegativePolicy): number[] =>
      [0, 1, 2, 3].map((i) =>
        planOf(questions, policy)
          .epoch(0)
          .findIndex((batch) => batch.includes(i)),
      );
    expect(new Set(batchesOfTwins('keep')).size).toBeLessThan(4);
    expect(new Set(batchesOfTwins('avoid')).size).toBe(4);
  });

  test('avoid: without anything to avoid it is the plan of keep', () => {
    expect(planOf(makeQuestions(50), 'avoid').hash(3)).toBe(planOf(makeQuestions(50), 'keep').hash(3));
  });

  test('avoid: what cannot be avoided stays, spread as it can be, and is counted', () => {
    const questions = makeQuestions(24, (i) => (i < 6 ? 1 : 2 * i + 1));
    const plan = planOf(questions, 'avoid');
    expect(meetings(plan, questions)).toBe(3); // six of them in three batches
    const batches = [1, 2, 3].map((position) => plan.batchAt(position, infonce) as PairBatch);
    const falseOnes = batches.map(
      ({ pairs, falseNegatives }) =>
        pairs.flatMap((row) =>
          pairs.filter((column) => column.group !== row.group && falseNegatives.isFalse(row, column)),
        ).length,
    );
    expect(falseOnes).toEqual([2, 2, 2]);
  });

  test('avoid: random classes, in time that does not grow with what is in vain', () => {
    const random = randomStream(3, 'sample');
    const questions = makeQuestions(3000, () => 1001 + 2 * random.integer(600));
    const plan = planOf(questions, 'avoid', 64);
    expect(meetings(planOf(questions, 'keep', 64), questions)).toBeGreaterThan(100);
    expect(meetings(plan, questions)).toBe(0);
    const same = makeQuestions(20_000, () => 1);
    expect(meetings(planOf(same, 'avoid', 64), same)).toBe(20_000 - 313);
  });
});
