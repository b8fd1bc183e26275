import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import { comparisonTable } from '../../../../src/lab/reports/comparisonTable.ts';
import type { Bm25Baseline, Comparison } from '../../../../src/shared/comparison.ts';
import type { Store } from '../../../../src/lab/store/runStore.ts';
import {
  createExperiment,
  createRun,
  startedEvent,
  stepEvent,
  temporaryStore,
  trainedRun,
  type RunStory,
} from '../../../helpers/syntheticStore.ts';

const story = (name: string, seed: number, ...levels: number[]): RunStory => ({
  raw: { name, seed, split_seed: 1, ...(name === 'A' ? {} : { loss_type: 'triplet' }) },
  levels,
  hashes: { weights: `w${seed}`, plan: `p${seed}` },
});

function compare(store: Store, stories: readonly RunStory[]): Comparison {
  const experiment = createExperiment(store);
  return compareRuns(
    store,
    stories.map((each) => trainedRun(store, experiment, each).id),
  );
}

const twoSeeds = [
  story('A', 2, 0.3, 0.6, 0.5),
  story('B', 1, 0.2, 0.4),
  story('A', 1, 0.2, 0.7, 0.8),
  story('B', 2, 0.3, 0.4),
];

describe('recipes', () => {
  test('are runs that differ in their seed only, by their mean at the last evaluation', () => {
    const { recipes, runs } = compare(temporaryStore(), twoSeeds);
    expect(recipes.map(({ name, seeds }) => [name, seeds])).toEqual([
      ['A', [1, 2]],
      ['B', [1, 2]],
    ]);
    expect(recipes[0]!.runs.map((id) => runs.find((run) => run.id === id)!.seed)).toEqual([1, 2]);
    expect(recipes[0]!.last['mrr@10']).toMatchObject({ count: 2, mean: 0.65, minimum: 0.5, maximum: 0.8 });
    expect(recipes[0]!.best['mrr@10']!.mean).toBeCloseTo(0.7, 12);
    expect(recipes[1]!.last['mrr@10']!.deviation).toBeCloseTo(0, 12);
  });

  test('have their evaluations merged by step, with what had been spent', () => {
    const [a] = compare(temporaryStore(), twoSeeds).recipes;
    expect(
      a!.evaluations.map(({ step, metrics }) => [
        step,
        Number(metrics['mrr@10']!.mean.toFixed(6)),
        metrics['mrr@10']!.count,
      ]),
    ).toEqual([
      [0, 0.25, 2],
      [20, 0.65, 2],
      [40, 0.65, 2],
    ]);
    expect(a!.evaluations.map(({ compute }) => compute)).toEqual([
      { seconds: 0, documents: 0, tokens: 0 },
      { seconds: 1, documents: 2560, tokens: 80_000 },
      { seconds: 2, documents: 5120, tokens: 160_000 },
    ]);
  });

  test('begin from one untrained encoder, whose seeds are one', () => {
    const { untrained, baselines } = compare(temporaryStore(), twoSeeds);
    expect(baselines).toHaveLength(2);
    expect(untrained).toMatchObject([
      { name: 'untrained', seeds: [1, 2], metrics: { 'mrr@10': { count: 2, mean: 0.25 } } },
    ]);
    expect(untrained[0]!.runs).toHaveLength(4);
  });

  test('of one name in two experiments stay two', () => {
    const store = temporaryStore();
    const ids = [1, 2].map(() => trainedRun(store, createExperiment(store), story('A', 1, 0.2, 0.5)).id);
    const { recipes } = compareRuns(store, ids);
    expect(recipes.map(({ name }) => name).sort()).toEqual(ids.map((id) => `A (${id.slice(0, 4)})`).sort());
  });

  test('whose seeds are other splits, too, are one for each seed: their questions are not the same', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const ids = [1, 2].map(
      (seed) => trainedRun(store, experiment, { raw: { name: 'A', seed }, levels: [0.2, 0.5] }).id,
    );
    expect(compareRuns(store, ids).recipes).toHaveLength(2);
  });
});

describe('what a step is made of', () => {
  /** Trained for two steps, which recorded this. */
  function trained(
    store: Store,
    experiment: ReturnType<typeof createExperiment>,
    name: string,
    metrics: Record<string, number>,
  ): string {
    const { id } = createRun(store, { name, ...(name === 'A' ? {} : { loss_type: 'triplet' }) }, experiment);
    store.claim(id);
    store.record(id, startedEvent(id), ...[1, 2].map((step) => stepEvent(id, step, { metrics })));
    return id;
  }

  test('is a mean over the steps, and recipes that differ in it are named with it', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const ids = [
      trained(store, experiment, 'A', { texts: 128, negatives_per_question: 63 }),
      trained(store, experiment, 'B', { texts: 190, negatives_per_question: 1 }),
    ];
    const { runs, recipes, warnings, notes } = compareRuns(store, ids);
    expect(
      runs.map(({ name, texts_per_step, negatives_per_question }) => [name, texts_per_step, negatives_per_question]),
    ).toEqual([
      ['A', 128, 63],
      ['B', 190, 1],
    ]);
    expect(recipes.map(({ negatives_per_question }) => negatives_per_question!.mean)).toEqual([63, 1]);
    expect(warnings).toEqual([]);
    expect(notes).toEqual([
      'The losses compare a question with different numbers of other answers: A 63, B 1. This follows from the losses and is not an error.',
      'A step encodes different numbers of texts: B 190, A 128. Compare them at equal seconds or tokens, too.',
    ]);
  });

  test('is not known of runs that did not record it, and differs little without a word', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const [a, b, old] = [
      trained(store, experiment, 'A', { negatives_per_question: 63 }),
      trained(store, experiment, 'B', { negatives_per_question: 61 }),
      trained(store, experiment, 'C', {}),
    ];
    expect(compareRuns(store, [a, b]).notes).toEqual([]);
    expect(compareRuns(store, [a, old]).runs.find(({ id }) => id === old)!.negatives_per_question).toBeNull();
  });
});

describe('the table by recipe', () => {
  const bm25: Bm25Baseline[] = [{ name: 'BM25', runs: [], metrics: { 'mrr@10': 0.66 }, missing: null }];

  test('has the untrained encoder and BM25 first, means with deviations, and marks the highest', () => {
    const lines = comparisonTable(compare(temporaryStore(), twoSeeds), bm25, 'recipe').split('\n');
    expect(lines[0]).toMatch(/^name +seeds +mrr@10 +Δ +ndcg@10 +map@100 +time$/);
    expect(lines[2]).toMatch(/^untrained +2 0\.2500 ±0\.0707 /);
    expect(lines[3]).toMatch(/^BM25 +\*0\.6600 /);
    expect(lines[4]).toMatch(/^A +2 0\.6500 ±0\.2121 \+0\.4000 .* 2\.0 s$/);
    expect(lines[5]).toMatch(/^B +2 0\.4000 ±0\.0000 \+0\.1500 /);
  });

  test('says why BM25 is missing', () => {
    const table = comparisonTable(
      compare(temporaryStore(), twoSeeds),
      [{ name: 'BM25', runs: [], metrics: null, missing: 'the dataset "sample" is no longer here as it was.' }],
      'recipe',
    );
    expect(table.replace(/\n +/g, ' ')).toContain('No row for BM25: the dataset "sample" is no longer here as it was.');
    expect(table).not.toMatch(/^BM25/m);
  });

  test('fits 100 columns', () => {
    const long = twoSeeds.map((each) => ({
      ...each,
      raw: { ...each.raw, name: `${'a very long name '.repeat(5)}${each.raw.name}` },
    }));
    for (const line of comparisonTable(compare(temporaryStore(), long), bm25, 'recipe').split('\n'))
      expect([...line].length).toBeLessThanOrEqual(100);
  });
});
