import { describe, expect, test } from 'vitest';
import { stepChecks, stepOfProblem } from '../../../../src/renderer/features/wizard/model/checks.ts';
import type { WizardState } from '../../../../src/renderer/features/wizard/model/state.ts';
import { catalogue, dataset, own, wizard } from './helpers.ts';

function problems(step: keyof typeof stepChecks, changes: Partial<WizardState> = {}, questions = 100): string[] {
  const state = wizard(changes);
  return stepChecks[step](state, {
    catalogue,
    dataset: state.dataset === 'sample' ? dataset('sample', 0, questions) : null,
    encoder: null,
    trained: state.recipes.filter(({ chosen }) => chosen),
  });
}

test('the sample with everything as offered misses nothing', () => {
  for (const step of ['data', 'encoder', 'losses', 'budget'] as const) expect(problems(step)).toEqual([]);
});

describe('data', () => {
  test('a dataset is needed, and must be there', () => {
    expect(problems('data', { dataset: null })).toEqual(['Choose a dataset, import one from files, or download one.']);
    expect(problems('data', { dataset: 'gone' })[0]).toMatch(/Dataset "gone" is not on this machine/);
  });

  test('something must be left to test on', () => {
    expect(problems('data', {}, 4)[0]).toMatch(/Use at least 5 questions/);
    expect(problems('data', { shared: { limit: 3 } })[0]).toMatch(/0\.2 of 3 questions leaves no test question/);
    expect(problems('data', { shared: { test_size: 1 } })[0]).toMatch(/less than 1; found 1/);
  });
});

test('an encoder needs a path that is one, and sizes that go together', () => {
  expect(problems('encoder', { shared: { encoder: '' } })).toEqual([
    'Name a folder with weights, or a repository as hf:owner/name.',
  ]);
  expect(problems('encoder', { shared: { encoder: 'weights' } })[0]).toMatch(/not a path or a repository/);
  expect(problems('encoder', { shared: { encoder: '/weights' } })).toEqual([]);
  expect(problems('encoder', { shared: { encoder: 'mini', n_heads: 3 } })[0]).toMatch(/not a multiple/);
  expect(problems('encoder', { shared: { max_length: 9000 } })[0]).toMatch(/8 to 8192; found 9000/);
});

test('losses need to be some, with names of their own', () => {
  expect(problems('losses', { recipes: [] })).toEqual(['Choose at least one loss.']);
  expect(problems('losses', { recipes: [own({ name: 'A' }), own({ name: 'A' })] })[0]).toMatch(
    /Two recipes have the name "A"/,
  );
  expect(problems('losses', { recipes: [own({ name: ' ' })] })[0]).toMatch(/a name/);
});

test('a budget needs seeds and numbers in range', () => {
  expect(problems('budget', { seeds: [] })).toEqual(['Enter at least one seed, a whole number.']);
  expect(problems('budget', { shared: { epochs: 0 } })[0]).toMatch(/^Epochs: Expected 1 or more; found 0/);
  expect(problems('budget', { shared: { batch_size: 1.5 } })[0]).toMatch(/whole number/);
  expect(problems('budget', { shared: { warmup_steps: 5, warmup_ratio: 0.1 } })[0]).toMatch(
    /both set the length of the warm-up/,
  );
  expect(problems('encoder', { shared: { warmup_steps: 5, warmup_ratio: 0.1 } })).toEqual([]);
  expect(problems('budget', { shared: { max_minutes: 0 } })[0]).toMatch(/^Minutes for each run/);
});

test('a problem leads to the step with the field to correct', () => {
  const step = (key: string | null, recipe: number | null = null) => stepOfProblem({ recipe, key });
  expect(step('margin', 0)).toBe('losses');
  expect(step('max_length')).toBe('encoder');
  expect(step('freeze_layers')).toBe('encoder');
  expect(step('dataset')).toBe('data');
  expect(step('test_size')).toBe('data');
  expect(step('batch_size')).toBe('budget');
  expect(step('seeds')).toBe('budget');
  expect(step(null)).toBe('budget');
});
