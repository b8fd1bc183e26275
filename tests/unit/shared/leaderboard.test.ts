import { expect, test } from 'vitest';
import { compareRuns } from '../../../src/lab/comparison/comparison.ts';
import type { Comparison } from '../../../src/shared/comparison.ts';
import { leaderboard, pointOf } from '../../../src/shared/leaderboard.ts';
import { createExperiment, temporaryStore, trainedRun } from '../../helpers/syntheticStore.ts';

/** Evaluated at the steps 0, 20, 40, …: 1 s, 2,560 documents and 80,000 tokens apart. "late" needs longer, and gets further. */
function comparison(): Comparison {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const run = (name: string, seed: number, levels: readonly number[]) =>
    trainedRun(store, experiment, {
      raw: { name, seed, split_seed: 1, ...(name === 'late' ? { loss_type: 'triplet' } : {}) },
      levels,
    });
  const runs = [
    run('early', 1, [0.2, 0.6, 0.5]),
    run('early', 2, [0.2, 0.7, 0.6]),
    run('late', 1, [0.2, 0.3, 0.5, 0.8]),
    run('late', 2, [0.2, 0.3, 0.5, 0.8]),
  ];
  return compareRuns(
    store,
    runs.map(({ id }) => id),
  );
}

const orderAt = (...[at, limit]: [Parameters<typeof pointOf>[1], number?]) => {
  const compared = comparison();
  return leaderboard(compared, 'mrr@10', pointOf(compared, at, limit)!).map(({ name, value }) => [
    name,
    value && Number(value.mean.toFixed(4)),
  ]);
};

test('who leads depends on where one looks', () => {
  expect(orderAt('last')).toEqual([
    ['late', 0.8],
    ['early', 0.55],
  ]);
  expect(orderAt('best')).toEqual([
    ['late', 0.8],
    ['early', 0.65],
  ]);
  // The runs of "early" end after 2 s: that is what all can be compared at.
  expect(orderAt('seconds')).toEqual([
    ['early', 0.55],
    ['late', 0.5],
  ]);
  expect(orderAt('documents', 2560)).toEqual([
    ['early', 0.65],
    ['late', 0.3],
  ]);
  expect(orderAt('tokens', 239_999)).toEqual([
    ['early', 0.55],
    ['late', 0.5],
  ]);
});

test('a row tells its runs, and what they had spent', () => {
  const compared = comparison();
  const [first] = leaderboard(compared, 'mrr@10', { at: 'seconds', limit: 1.5 });
  expect(first).toMatchObject({
    name: 'early',
    value: { count: 2 },
    compute: { seconds: 1, documents: 2560, tokens: 80_000 },
  });
  expect(first!.runs).toHaveLength(2);
});

test('recipes that had no evaluation within the limit have no value', () => {
  expect(orderAt('seconds', 0.5).map(([, value]) => value)).toEqual([null, null]);
});

test('where nothing was evaluated after training began there is no such point', () => {
  const store = temporaryStore();
  const run = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.2] });
  expect(pointOf(compareRuns(store, [run.id]), 'tokens')).toBeNull();
});
