import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

describe('compareRuns', () => {
  it('puts the untrained encoder beside runs ordered by their best mrr@10', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const weak = trainedRun(store, experiment, { raw: { name: 'weak' }, levels: [0.5, 0.52, 0.51] });
    const strong = trainedRun(store, experiment, { raw: { name: 'strong' }, levels: [0.5, 0.6, 0.58] });
    const { baselines, runs, warnings, metrics } = compareRuns(store, [weak.id, strong.id]);
    expect(baselines).toMatchObject([{ name: 'untrained', runs: [weak.id, strong.id], metrics: { 'mrr@10': 0.5 } }]);
    expect(runs.map(({ name }) => name)).toEqual(['strong', 'weak']);
    expect(runs[0]).toMatchObject({
      best: { 'mrr@10': { value: 0.6, step: 20 } },
      last: { 'mrr@10': 0.58 },
      baseline: { name: 'untrained' },
    });
    expect(warnings).toEqual([]);
    expect(metrics.slice(0, 2)).toEqual(['mrr@10', 'ndcg@10']);
  });

  it('does not take the untrained encoder for the best of a run that only got worse', () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, 0.3, 0.4] });
    expect(compareRuns(store, [run.id]).runs[0]!.best['mrr@10']).toEqual({ value: 0.4, step: 40 });
  });

  it('finds the best beside evaluations that are no number', () => {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.5, Number.NaN, 0.4, Number.NaN] });
    const [compared] = compareRuns(store, [run.id]).runs;
    expect(compared!.best['mrr@10']).toEqual({ value: 0.4, step: 40 });
    expect(compared!.last['mrr@10']).toBeNaN();
  });

  it('keeps one untrained row per starting point, and says what differs', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, { raw: { seed: 1 }, levels: [0.5, 0.6] }),
      trainedRun(store, experiment, {
        raw: { seed: 2 },
        levels: [0.45, 0.55],
        hashes: { split: 'other', weights: 'other' },
      }),
    ];
    const {
      baselines,
      warnings,
      runs: compared,
    } = compareRuns(
      store,
      runs.map(({ id }) => id),
    );
    expect(baselines.map(({ name, metrics }) => [name, metrics['mrr@10']])).toEqual([
      ['untrained, seed 1', 0.5],
      ['untrained, seed 2', 0.45],
    ]);
    expect(compared.map(({ baseline }) => baseline!.name)).toEqual(['untrained, seed 1', 'untrained, seed 2']);
    expect(warnings).toEqual([expect.stringMatching(/^The runs have different seeds/)]);
  });

  it('finds unfair conditions within a seed, where others differ by their seeds', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, { raw: { name: 'a', seed: 1 }, levels: [0.5, 0.6] }),
      trainedRun(store, experiment, {
        raw: { name: 'b', seed: 1 },
        levels: [0.5, 0.6],
        hashes: { plan: 'other', weights: 'other' },
      }),
      trainedRun(store, experiment, {
        raw: { name: 'a', seed: 2 },
        levels: [0.45, 0.55],
        hashes: { split: 'second', weights: 'second', plan: 'second' },
      }),
    ];
    const { baselines, warnings } = compareRuns(
      store,
      runs.map(({ id }) => id),
    );
    expect(baselines.map(({ name }) => name)).toEqual(['untrained 1', 'untrained 2', 'untrained 3']);
    expect(warnings).toEqual([
      'The runs differ in initial weights: compare each run only with its untrained row.',
      'The runs differ in batch plan: they were not trained under the same conditions.',
      expect.stringMatching(/^The runs have different seeds/),
    ]);
  });

  it('warns of differing training, which the untrained encoder does not depend on', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, { raw: {}, levels: [0.5, 0.6] }),
      trainedRun(store, experiment, { raw: { learning_rate: 0.1 }, levels: [0.5, 0.55], hashes: { plan: 'other' } }),
    ];
    const { baselines, warnings } = compareRuns(
      store,
      runs.map(({ id }) => id),
    );
    expect(baselines).toHaveLength(1);
    expect(warnings).toEqual([
      'The runs differ in batch plan and learning_rate: they were not trained under the same conditions.',
    ]);
  });

  it('warns of other budgets of time and other dropout', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, { raw: { encoder: 'mini' }, levels: [0.5, 0.6] }),
      trainedRun(store, experiment, { raw: { encoder: 'mini', max_minutes: 1, dropout: 0.2 }, levels: [0.5, 0.55] }),
    ];
    const { baselines, warnings } = compareRuns(
      store,
      runs.map(({ id }) => id),
    );
    expect(baselines).toHaveLength(1);
    expect(warnings).toEqual([
      'The runs differ in dropout and max_minutes: they were not trained under the same conditions.',
    ]);
  });

  it('takes the untrained values from any run that has them', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const evaluated = trainedRun(store, experiment, { raw: {}, levels: [0.5, 0.6] });
    const { id } = store.claim(createRun(store, { eval_at_zero: false }, experiment).id);
    store.record(id, startedEvent(id), evaluationEvent(id, 20, 0.7));
    expect(compareRuns(store, [id]).baselines).toEqual([]);
    expect(compareRuns(store, [id, evaluated.id]).runs[0]).toMatchObject({
      id,
      baseline: { metrics: { 'mrr@10': 0.5 } },
    });
  });

  it('shows runs that failed or never started, last', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const queued = createRun(store, {}, experiment);
    const failed = trainedRun(store, experiment, { raw: {}, levels: [], end: 'failed' });
    const fine = trainedRun(store, experiment, { raw: {}, levels: [0.5, 0.6] });
    const { runs } = compareRuns(store, [queued.id, failed.id, fine.id]);
    expect(runs.map(({ id, state }) => [id, state])).toEqual([
      [fine.id, 'finished'],
      [queued.id, 'queued'],
      [failed.id, 'failed'],
    ]);
    expect(runs[1]).toMatchObject({ baseline: null, best: {}, device: null });
  });

  it('tells runs of one name apart', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const bySeed = [1, 2].map((seed) => createRun(store, { name: 'same', seed }, experiment));
    expect(
      compareRuns(
        store,
        bySeed.map(({ id }) => id),
      ).runs.map(({ name }) => name),
    ).toEqual(['same, seed 1', 'same, seed 2']);
    const alike = [1, 1].map((seed) => createRun(store, { name: 'same', seed }, experiment));
    expect(
      compareRuns(
        store,
        alike.map(({ id }) => id),
      ).runs.map(({ name }) => name),
    ).toEqual(alike.map(({ id }) => `same, ${id.slice(0, 4)}`));
    expect(compareRuns(store, [alike[0]!.id, alike[0]!.id]).runs).toHaveLength(1);
  });
});
