import { describe, expect, test } from 'vitest';
import { splitQuestions } from '../../../../src/lab/data/split.ts';
import { describeUsable } from '../../../../src/lab/data/statistics.ts';
import { labError } from '../../../helpers/dataFiles.ts';

const questions = Array.from({ length: 103 }, (_, i) => ({ id: `q${i}` }));

describe('splitQuestions', () => {
  test('draws floor(n × test_size) questions; every question is on one side, in the order of the dataset', () => {
    const { train, test: held } = splitQuestions(questions, {
      testSize: 0.2,
      validationSize: 0,
      seed: 42,
      method: 'losslab',
    });
    expect([train.length, held.length]).toEqual([83, 20]);
    const isTest = new Set(held);
    expect(train).toEqual(questions.filter((question) => !isTest.has(question)));
    expect(held).toEqual(questions.filter((question) => isTest.has(question)));
    expect(held).not.toEqual(questions.slice(0, 20));
  });

  test('is a function of the seed', () => {
    const hash = (seed: number): string =>
      splitQuestions(questions, { testSize: 0.2, validationSize: 0, seed, method: 'losslab' }).hash;
    expect(hash(42)).toBe(hash(42));
    expect(hash(42)).not.toBe(hash(43));
    expect(hash(42)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('its hash is the one that runs have always had', () => {
    expect(splitQuestions(questions, { testSize: 0.2, validationSize: 0, seed: 42, method: 'losslab' })).toMatchObject({
      validation: [],
      hash: '7cc8be0302fc1f8cd06cb73e2dba1fba87c99ad18ceafe42cd4cd5a44f91235f',
    });
  });

  test('"python" holds back what random.seed(42); random.shuffle(indices) puts first', () => {
    const settings = { testSize: 0.2, validationSize: 0, seed: 42, method: 'python' } as const;
    const ids = splitQuestions(questions.slice(0, 40), settings).test.map(({ id }) => id);
    expect(ids).toEqual([3, 9, 10, 11, 24, 25, 30, 36].map((position) => questions[position]!.id));
  });

  test('draws validation questions from those that are not for testing', () => {
    const settings = { testSize: 0.2, seed: 42, method: 'losslab' } as const;
    const twoParts = splitQuestions(questions, { ...settings, validationSize: 0 });
    const { train, validation, test: held, hash } = splitQuestions(questions, { ...settings, validationSize: 0.1 });
    expect(held).toEqual(twoParts.test);
    expect([train.length, validation.length]).toEqual([73, 10]);
    const isValidation = new Set(validation);
    expect(train).toEqual(twoParts.train.filter((question) => !isValidation.has(question)));
    expect(validation).toEqual(twoParts.train.filter((question) => isValidation.has(question)));
    expect(hash).not.toBe(twoParts.hash);
  });

  test('refuses a validation part that would be empty, or leave nothing to train on', async () => {
    const few = { testSize: 0.5, validationSize: 0.2, seed: 1, method: 'losslab' } as const;
    const error = await labError(() => splitQuestions(questions.slice(0, 4), few), 'data');
    expect(error.message + error.fix).toMatch(/validation_size 0\.2 of 4 questions.*at least 5 questions/s);
    for (const validationSize of [-0.1, 0.5, 1, NaN])
      await labError(() => splitQuestions(questions, { ...few, validationSize }), 'configuration');
  });

  test('its hash depends on the ids of both sides', () => {
    const renamed = questions.map(({ id }, i) => ({ id: i === 0 ? 'other' : id }));
    const options = { testSize: 0.2, validationSize: 0, seed: 42, method: 'losslab' } as const;
    expect(splitQuestions(renamed, options).hash).not.toBe(splitQuestions(questions, options).hash);
  });

  test('refuses an empty side, saying what would do', async () => {
    const error = await labError(
      () => splitQuestions(questions.slice(0, 4), { testSize: 0.2, validationSize: 0, seed: 1, method: 'losslab' }),
      'data',
    );
    expect(error.message + error.fix).toMatch(/0\.2 of 4 questions.*at least 5 questions/s);
    await labError(() => splitQuestions([], { testSize: 0.2, validationSize: 0, seed: 1, method: 'losslab' }), 'data');
    const smallest = splitQuestions(questions.slice(0, 5), {
      testSize: 0.2,
      validationSize: 0,
      seed: 1,
      method: 'losslab',
    });
    expect([smallest.train.length, smallest.test.length]).toEqual([4, 1]);
  });

  test.each([0, 1, -0.1, 1.5, NaN])('refuses test_size %d', async (testSize) => {
    const error = await labError(
      () => splitQuestions(questions, { testSize, validationSize: 0, seed: 1, method: 'losslab' }),
      'configuration',
    );
    expect(error.message).toContain('test_size');
  });
});

test('describeUsable counts questions by their number of answers', () => {
  const usable = describeUsable([1, 1, 3, 1, 2].map((count) => ({ answers: Array<number>(count).fill(0) })));
  expect(usable.questions).toBe(5);
  expect(usable.byAnswers).toEqual([0, 3, 1, 1]);
  expect([0, 1, 2, 3, 4].map(usable.withAtLeast)).toEqual([5, 5, 2, 1, 0]);
  const singles = describeUsable([{ answers: [0] }, { answers: [0] }]);
  expect([singles.questions, singles.withAtLeast(2)]).toEqual([2, 0]);
});
