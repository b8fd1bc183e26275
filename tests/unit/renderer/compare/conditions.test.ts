import { expect, test } from 'vitest';
import { amountConditions, hashConditions } from '../../../../src/renderer/features/compare/conditions.ts';
import { comparedRun, comparison } from '../../shared/comparison/helpers.ts';

const run = (id: string, seed: number, loss_type = 'infonce') => comparedRun(id, [0.5], { loss_type, seed });
const state = (runs: ReturnType<typeof run>[], title: string) =>
  hashConditions(runs).find((condition) => condition.title === title)!;

test('what all runs share is the same, with the first eight characters of its hash', () => {
  expect(state([run('a', 1), run('b', 2)], 'Dataset')).toEqual({
    title: 'Dataset',
    state: 'same',
    values: [{ value: 'dddddddd', full: 'd'.repeat(64), names: '' }],
  });
});

test('what a seed decides is the same within each seed', () => {
  expect(state([run('b', 2), run('a', 1), run('c', 1, 'triplet')], 'Initial weights')).toMatchObject({
    state: 'by seed',
    values: [
      { full: 'weights 1', names: 'seed 1' },
      { full: 'weights 2', names: 'seed 2' },
    ],
  });
});

test('what differs names the runs on either side', () => {
  const other = run('c', 1);
  const changed = { ...other, hashes: { ...other.hashes!, plan: 'another plan' } };
  expect(state([run('a', 1), run('b', 1), changed], 'Batch plan')).toMatchObject({
    state: 'differs',
    values: [
      { full: 'plan 1', names: 'a, b' },
      { full: 'another plan', names: 'c' },
    ],
  });
});

test('runs that have not started have nothing to compare', () => {
  expect(hashConditions([{ ...run('a', 1), hashes: null }])).toEqual([]);
});

test('texts per step and negatives per question, by recipe', () => {
  const { recipes } = comparison([run('a', 1), run('b', 2), { ...run('t', 1, 'triplet'), negatives_per_question: 1 }]);
  expect(amountConditions(recipes)).toEqual([
    { title: 'Texts per step', state: 'same', values: [{ value: '32', full: '', names: '' }] },
    {
      title: 'Negatives per question',
      state: 'differs',
      values: [
        { value: '15', full: '', names: 'infonce' },
        { value: '1.0', full: '', names: 'triplet' },
      ],
    },
  ]);
});
