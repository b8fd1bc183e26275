import { expect, test } from 'vitest';
import { experimentDraft } from '../../../../src/shared/contract/experiments.ts';

const draft = { name: 'Draft', dataset: 'sample', shared: {}, recipes: [{ loss_type: 'infonce' }], seeds: [1] };

test('a draft holds what a configuration file can hold', () => {
  const within: unknown[] = [];
  within.push(within);
  expect(experimentDraft.safeParse({ ...draft, shared: { epochs: 1, matryoshka_dimensions: [8] } }).success).toBe(true);
  for (const value of [10n, [10n], within]) {
    expect(experimentDraft.safeParse({ ...draft, shared: { seed: value } }).success).toBe(false);
    expect(experimentDraft.safeParse({ ...draft, recipes: [{ seed: value }] }).success).toBe(false);
  }
});
